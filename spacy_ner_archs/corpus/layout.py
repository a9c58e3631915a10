"""Which column of a CoNLL file holds what, and whether its first lines contradict that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.schemes import OUTSIDE, split_tag

DOCUMENT_LINE = "-DOCSTART-"
BLANK = " \t"
HASH = "#"
COMMENT_OPTION = f"--comment-prefix '{HASH}'"

# how many lines are looked at, besides the blank ones
_N_LINES = 10_000

# the chunks of CoNLL-2000 and CoNLL-2003, https://aclanthology.org/W00-0726
_CHUNKS = {"ADJP", "ADVP", "CONJP", "INTJ", "LST", "NP", "PP", "PRT", "SBAR", "UCP", "VP"}

# CoNLL-U numbers a contraction 3-4 and a word that isn't in the text 3.1
_NUMBER = re.compile(r"([0-9]+)([-.][0-9]+)?")


@dataclass(frozen=True)
class Columns:
    """Which column holds what, counted from 1, or from the end with -1, -2, ...; None to find out.

    word: By default the first.
    tag: By default the last.
    pos: 0 for none; by default the second of three or more, where it is free and holds no tags.
    """

    word: int | None = None
    tag: int | None = None
    pos: int | None = None


@dataclass(frozen=True)
class Layout:
    """The number of columns, their separator, and the indices of those that are read."""

    width: int
    tabs: bool
    word: int
    tag: int
    pos: int | None

    @property
    def columns(self) -> Columns:
        """What is read, from 1."""
        return Columns(self.word + 1, self.tag + 1, 0 if self.pos is None else self.pos + 1)

    def split(self, line: str) -> list[str]:
        """The columns; separators at the line's end are none where the number is right without."""
        columns = split_columns(line, self.tabs)
        if len(columns) != self.width and self.tabs:
            stripped = split_columns(line.rstrip(BLANK), self.tabs)
            return stripped if len(stripped) == self.width else columns
        return columns


def split_columns(line: str, tabs: bool) -> list[str]:
    if tabs:
        return line.split("\t")
    return [column for column in line.replace("\t", " ").split(" ") if column]


def is_document_line(line: str) -> bool:
    return DOCUMENT_LINE in line and split_columns(line, tabs=False)[0] == DOCUMENT_LINE


def find_layout(
    path: Path, number: int, lines: Sequence[str], columns: Columns, comment_prefix: str | None
) -> Layout | None:
    """The layout by a file's first lines; None if there is no token in them.

    number (int): The first one's number in the file.
    RAISES (CorpusError): Where the lines contradict a default, with all options that they need.
    """
    sample = _Sample(lines, comment_prefix)
    if not sample.sentences:
        return None
    first, width = number + sample.first, sample.width
    if width < 2:
        hint = f"; if it is a comment, add {COMMENT_OPTION}" if sample.comments else ""
        reason = f"columns: {width}, but a word and its tag take 2; correct it{hint}"
        raise CorpusError(path, first, reason)
    word = _index(path, first, "--word-column", columns.word, 1, width)
    tag = _index(path, first, "--tag-column", columns.tag, -1, width)
    _check_defaults(path, number, sample, columns, word)
    if word == tag:
        raise CorpusError(path, first, f"column {word + 1} can't be both the word and the tag")
    pos: int | None = None
    if columns.pos:
        pos = _index(path, first, "--pos-column", columns.pos, 0, width)
        if pos in (word, tag):
            raise CorpusError(path, first, f"column {pos + 1} can't be a part of speech as well")
    elif columns.pos is None and width > 2 and 1 not in (word, tag, *sample.entity_columns()):
        pos = 1
    return Layout(width, sample.tabs, word, tag, pos)


def _index(
    path: Path, number: int, option: str, column: int | None, default: int, width: int
) -> int:
    column = default if column is None else column
    index = column - 1 if column > 0 else width + column
    if column == 0 or not 0 <= index < width:
        raise CorpusError(path, number, f"columns: {width}, so there is no {option} {column}")
    return index


class _Sample:
    """The first lines of a file.

    first (int): The index of the first token's line.
    comments (list[int]): The indices of lines that start with a hash and have another number of
        columns than the tokens. (CoNLL-2003 has a token `#`, with as many as the others.)
    sentences (list[list[list[str]]]): The columns of each token whose line has as many as the
        first token's.
    """

    def __init__(self, lines: Sequence[str], comment_prefix: str | None) -> None:
        candidates = (
            i
            for i, line in enumerate(lines)
            if line.strip(BLANK)
            and not is_document_line(line)
            and not (comment_prefix is not None and line.startswith(comment_prefix))
        )
        tokens = list(islice(candidates, _N_LINES))
        self.sentences: list[list[list[str]]] = []
        self.comments: list[int] = []
        if not tokens:
            return
        self.first = next((i for i in tokens if not lines[i].startswith(HASH)), tokens[0])
        self.tabs = "\t" in lines[self.first]
        self.width = len(split_columns(lines[self.first].rstrip(BLANK), self.tabs))
        layout = Layout(self.width, self.tabs, 0, -1, None)
        previous = -2
        for i in tokens:
            values = layout.split(lines[i])
            if len(values) == self.width:
                if i > previous + 1 or not self.sentences:
                    self.sentences.append([])
                self.sentences[-1].append(values)
                previous = i
            elif lines[i].startswith(HASH):
                self.comments.append(i)

    def counts_tokens(self, column: int) -> bool:
        """Whether the column numbers the tokens of each sentence from 1."""
        return max(map(len, self.sentences)) > 1 and all(
            _counts([token[column] for token in sentence]) for sentence in self.sentences
        )

    def values(self, column: int) -> set[str]:
        return {token[column].strip(" ") for sentence in self.sentences for token in sentence}

    def entity_columns(self) -> list[int]:
        """The columns of tags, some of them of entities and not only of chunks."""
        return [i for i in range(self.width) if _labels(self.values(i)) - _CHUNKS]


def _counts(values: list[str]) -> bool:
    numbers = [_NUMBER.fullmatch(value) for value in values]
    whole = [number[1] for number in numbers if number and not number[2]]
    return all(numbers) and whole == [str(i + 1) for i in range(len(whole))]


def _labels(values: set[str]) -> set[str]:
    """The labels, if these are tags, all of them."""
    try:
        return {split_tag(value)[1] for value in values} - {""}
    except ConversionError:
        return set()


def _check_defaults(path: Path, number: int, sample: _Sample, columns: Columns, word: int) -> None:
    """Refuse what the options leave open, all of it at once."""
    reasons, options = [], []
    if sample.comments:
        reasons.append(f"lines that start with {HASH!r} are comments")
        options.append(COMMENT_OPTION)
    if columns.word is None and sample.width > 2 and sample.counts_tokens(0):
        word = 1
        reasons.append("column 1 counts the tokens")
        options.append("--word-column 2")
    rivals = _rivals(sample, word) if columns.tag is None else []
    if len(rivals) == 1:
        reasons.append(f"column {rivals[0]} holds the tags")
        options.append(f"--tag-column {rivals[0]}")
    elif rivals:
        *others, last = rivals
        reasons.append(f"columns {', '.join(map(str, others))} and {last} hold tags")
        options.append(f"--tag-column {' or '.join(map(str, rivals))}")
    if reasons:
        line = number + (sample.comments[0] if sample.comments else sample.first)
        raise CorpusError(path, line, f"{', '.join(reasons)}; add {' '.join(options)}")


def _rivals(sample: _Sample, word: int) -> list[int]:
    """The columns, from 1, that the tags may be in; none if it is plain that they are in the last.

    A last column without entities may be one of tags, too, where another has some.
    """
    last = sample.width - 1
    found = [i for i in sample.entity_columns() if i != word]
    if found in ([], [last]):
        return []
    if last not in found and sample.values(last) == {OUTSIDE}:
        found.append(last)
    return [i + 1 for i in found]
