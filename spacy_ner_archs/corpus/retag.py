"""A file's tags, checked and turned into IOB2."""

from dataclasses import dataclass
from pathlib import Path

from spacy_ner_archs.corpus.conll import COMMENT_HINT, is_comment_like
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.schemes import (
    Scheme,
    convert_tags,
    detect,
    find_violation,
    split_tag,
)
from spacy_ner_archs.corpus.sentences import Sentence


@dataclass(frozen=True)
class TagReport:
    """What `retag` found.

    repaired (int): Tags that had to change to be valid in the scheme.
    """

    scheme: Scheme
    repaired: int


def retag(
    path: Path, sentences: list[Sentence], scheme: Scheme | None, *, repair: bool
) -> TagReport:
    """Turn the sentences' tags into IOB2, in place.

    scheme (Scheme | None): The scheme that they are in; None to detect it.
    repair (bool): Read tags that the scheme doesn't allow as conlleval does, and count them.
    RAISES (CorpusError): For a text that is no tag of any scheme; and, without repair, for a tag
        that the scheme doesn't allow where it stands.
    """
    _check_tags(path, sentences)
    scheme = scheme or _detect(path, sentences, repair=repair)
    if not repair:
        _check_scheme(path, sentences, scheme)
    repaired = 0
    for sentence in sentences:
        valid = convert_tags(sentence.tags, scheme)
        repaired += sum(old != new for old, new in zip(sentence.tags, valid, strict=True))
        sentence.tags = convert_tags(sentence.tags, "iob2")
    return TagReport(scheme, repaired)


def _check_tags(path: Path, sentences: list[Sentence]) -> None:
    for sentence in sentences:
        for word, tag, line in zip(sentence.words, sentence.tags, sentence.lines, strict=True):
            try:
                split_tag(tag)
            except ConversionError as error:
                hint = COMMENT_HINT if is_comment_like(word) else ""
                raise CorpusError(path, line, f"{error}{hint}") from None


def _detect(path: Path, sentences: list[Sentence], *, repair: bool) -> Scheme:
    found = detect([sentence.tags for sentence in sentences])
    if found.conflict and not repair:
        (i, j), (k, m) = sorted(found.conflict)
        first, second = sentences[i], sentences[k]
        raise CorpusError(
            path,
            second.lines[m],
            f"{second.tags[m]!r:.60} here and {first.tags[j]!r:.60} at {path}:{first.lines[j]} fit "
            "no one scheme; correct one, or name the scheme with --scheme and add --repair",
        )
    return found.scheme


def _check_scheme(path: Path, sentences: list[Sentence], scheme: Scheme) -> None:
    violation = find_violation((sentence.tags for sentence in sentences), scheme)
    if violation:
        sentence = sentences[violation.sentence]
        raise CorpusError(
            path,
            sentence.lines[violation.token],
            f"{sentence.tags[violation.token]!r:.60} where {scheme.upper()} has "
            f"{violation.expected!r:.60}; correct it, or add --repair",
        )
