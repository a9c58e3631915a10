"""What somebody said about a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE

#: They say of a token that it is in no entity, or that nothing is known.
NO_LABELS = ("", OUTSIDE, MISSING)


class Marked(NamedTuple):
    """Characters start to end (exclusive) of a text, with a label."""

    start: int
    end: int
    label: str

    def shown(self, text: str) -> str:
        return f"{text[self.start : self.end]!r:.60} ({self.start} to {self.end}, {self.label})"


@dataclass(frozen=True)
class Answer:
    """spans: entities. wrong: known to be none. words: the tool's tokens, None where it gives
    none. is_question: was the annotator asked for these spans alone? None where the tool doesn't
    tell."""

    text: str
    spans: frozenset[Marked] = frozenset()
    wrong: frozenset[Marked] = frozenset()
    words: tuple[str, ...] | None = None
    is_question: bool | None = False


class LeftOut(NamedTuple):
    """Nothing is known of a text. reason: in one or two words."""

    reason: str


class Place(NamedTuple):
    """Where an answer stands: in a line of a file, or as one of a list; both from 1."""

    path: Path
    number: int
    in_list: bool = False

    def __str__(self) -> str:
        return f"{'task' if self.in_list else 'line'} {self.number}"

    def error(self, reason: str) -> CorpusError:
        if self.in_list:
            return CorpusError(self.path, None, f"{self}: {reason}")
        return CorpusError(self.path, self.number, reason)


def text_of(value: object) -> str:
    """The text of a task. Raises ValueError for what is none."""
    if not isinstance(value, str):
        raise ValueError(f"'text' is {value!r:.60}, and no text")
    _refuse_half_characters(value)
    return value


def marked(text: str, start: object, end: object, label: object) -> Marked:
    """A span with its offsets checked. Raises ValueError, in one line."""
    is_span = isinstance(start, int) and isinstance(end, int) and isinstance(label, str)
    if not is_span or not label:
        raise ValueError(f"a span needs characters and a label, not {start!r}, {end!r}, {label!r}")
    if label.strip() in NO_LABELS:  # type: ignore[attr-defined]
        raise ValueError(f"{label!r} can't be an entity's label; it means that there is none")
    _refuse_half_characters(label)  # type: ignore[arg-type]
    if not 0 <= start < end <= len(text):  # type: ignore[operator]
        raise ValueError(
            f"characters {start} to {end} ({label}) aren't in {text!r:.60}, which has {len(text)}"
        )
    return Marked(start, end, label)  # type: ignore[arg-type]


def _refuse_half_characters(text: str) -> None:
    """JSON can name halves of characters, which no file can have."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{text!r:.60} has half a character, such as \\ud83d alone") from None


def list_in(fields: Mapping[str, Any], key: str) -> list[Any]:
    """A list under a key; empty where there is nothing. Raises ValueError for something else."""
    value = fields.get(key) or []
    if not isinstance(value, list):
        raise ValueError(f"{key!r} is {value!r:.60}, and no list")
    return value


def objects_in(fields: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The same for a list of JSON objects."""
    for value in list_in(fields, key):
        if not isinstance(value, dict):
            raise ValueError(f"{key!r} has {value!r:.60}, and no object")
    return list_in(fields, key)
