"""A doubt about an annotation, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """What a place may be: tokens start to end (exclusive) of the doc, an entity with this label,
    or none with the label O. text: the tokens with a space between them. mentions: how often the
    rest of the corpus has this text, by label."""

    start: int
    end: int
    label: str
    text: str
    probability: float
    mentions: Mapping[str, int]


@dataclass(frozen=True)
class Doubt:
    """doc: its number in the corpus, from 0. kind: of `DOUBT_KINDS`. there: what is annotated; more
    than one where `better` overlaps several entities. better: what is more probable.
    score: from 0 to 1, the more doubtful the higher."""

    doc: int
    kind: str
    there: tuple[Reading, ...]
    better: Reading
    score: float

    @property
    def start(self) -> int:
        """The first token of all readings."""
        return min(self.better.start, self.there[0].start)

    @property
    def end(self) -> int:
        return max(self.better.end, self.there[-1].end)

    @property
    def texts(self) -> tuple[str, ...]:
        """Of the readings, each once."""
        return tuple(dict.fromkeys(each.text for each in (*self.there, self.better)))


@dataclass(frozen=True)
class SentenceScore:
    """A sentence, tokens start to end (exclusive) of a doc. score: from 0 to 1, the more doubtful
    the higher."""

    doc: int
    start: int
    end: int
    score: float
