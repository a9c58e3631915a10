"""A file's tags, checked and turned into IOB2."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.rows import Rows
from spacy_ner_archs.corpus.schemes import (
    MISSING,
    OUTSIDE,
    Context,
    Scheme,
    convert_tag,
    detect,
    find_violation,
    split_tag,
)

_N_ROWS = 1 << 20


@dataclass(frozen=True)
class Tags:
    """IOB2 tags.

    names (list[str]): The distinct tags, by their numbers.
    numbers (numpy.ndarray): The tag of each row, O where it is no token.
    scheme (Scheme): Of the file.
    repaired (int): Tags that had to change to be valid in the scheme.
    """

    names: list[str]
    numbers: np.ndarray
    scheme: Scheme
    repaired: int

    def without_outside(self) -> "Tags":
        """Where the tag was O, the annotation is missing."""
        return replace(self, names=[MISSING if tag == OUTSIDE else tag for tag in self.names])


def retag(path: Path, rows: Rows, scheme: Scheme | None, *, repair: bool) -> Tags:
    """The rows' tags in IOB2.

    scheme (Scheme | None): The scheme that they are in; None to detect it.
    repair (bool): Read tags that the scheme doesn't allow as conlleval does, and count them.
    RAISES (CorpusError): Without repair, for a tag that the scheme doesn't allow where it stands.
    """
    tags = _FileTags(rows)
    contexts = [tags.context(key) for key in tags.places]
    lines = [rows.line_of(place.row) for place in tags.places.values()]
    scheme = scheme or _detect(path, contexts, lines, repair=repair)
    if not repair:
        _check_scheme(path, contexts, lines, scheme)
    repaired = sum(
        place.count
        for place, context in zip(tags.places.values(), contexts, strict=True)
        if convert_tag(context, scheme) != context.tag
    )
    names, numbers = tags.converted([convert_tag(context, "iob2") for context in contexts])
    return Tags(names, numbers, scheme, repaired)


@dataclass
class _Place:
    """Where a context occurs: its first row, and how often."""

    row: int
    count: int


class _FileTags:
    """The tags of a file, a number each, and the distinct contexts of those of entities.

    places (dict[int, _Place]): In the order of their rows, by a number for each context.
    """

    def __init__(self, rows: Rows) -> None:
        self._names = {OUTSIDE: 0}
        of_tokens = [self._names.setdefault(token.tag, len(self._names)) for token in rows.tokens]
        # what isn't a token is BREAK or DOCUMENT, -1 or -2, and finds the last two here
        self._of_rows = np.array([*of_tokens, 0, 0])
        self._is_entity = np.array([bool(split_tag(name)[1]) for name in self._names])
        self._n_tags = len(self._names)
        self._numbers = rows.numbers
        places: dict[int, _Place] = {}
        for at, keys in self._keys():
            for key, first, count in zip(
                *np.unique(keys, return_index=True, return_counts=True), strict=True
            ):
                place = places.setdefault(int(key), _Place(int(at[first]), 0))
                place.count += int(count)
        self.places = dict(sorted(places.items(), key=lambda item: item[1].row))

    def context(self, key: int) -> Context:
        names = list(self._names)
        before, after = divmod(key, self._n_tags)
        previous, tag = divmod(before, self._n_tags)
        return Context(names[previous], names[tag], names[after])

    def converted(self, tags: list[str]) -> tuple[list[str], np.ndarray]:
        """All tags' names, and the rows' tags by number, with these in the contexts' places."""
        names = {OUTSIDE: 0, MISSING: 1}
        new = np.array([names.setdefault(tag, len(names)) for tag in tags], dtype=int)
        size = np.min_scalar_type(len(names))
        is_missing = np.array([name == MISSING for name in self._names])[self._of_rows]
        numbers = is_missing.astype(size)[self._numbers]
        keys = np.array(list(self.places), dtype=int)
        order = np.argsort(keys)
        for at, found in self._keys():
            numbers[at] = new[order][np.searchsorted(keys[order], found)]
        return list(names), numbers

    def _keys(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Some rows at a time that have an entity's tag, and the numbers of their contexts."""
        for start in range(1, len(self._numbers) - 1, _N_ROWS):
            # with the neighbours; the first row and the last are breaks
            tags = self._of_rows[self._numbers[start - 1 : start + _N_ROWS + 1]]
            at = np.flatnonzero(self._is_entity[tags[1:-1]])
            yield at + start, (tags[at] * self._n_tags + tags[at + 1]) * self._n_tags + tags[at + 2]


def _detect(path: Path, contexts: list[Context], lines: list[int], *, repair: bool) -> Scheme:
    found = detect(contexts)
    if found.conflict and not repair:
        first, second = sorted(found.conflict)
        raise CorpusError(
            path,
            lines[second],
            f"{contexts[second].tag!r:.60} here and {contexts[first].tag!r:.60} at "
            f"{path}:{lines[first]} fit no one scheme; correct one, or name the scheme with "
            "--scheme and add --repair",
        )
    return found.scheme


def _check_scheme(path: Path, contexts: list[Context], lines: list[int], scheme: Scheme) -> None:
    violation = find_violation(contexts, scheme)
    if violation is not None:
        tag = contexts[violation].tag
        raise CorpusError(
            path,
            lines[violation],
            f"{tag!r:.60} where {scheme.upper()} has "
            f"{convert_tag(contexts[violation], scheme)!r:.60}; correct it, or add --repair",
        )
