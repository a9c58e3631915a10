from typing import NamedTuple

from spacy.tokens import Span


class Entity(NamedTuple):
    """Tokens start to end (exclusive) of a doc, with a label.

    score: the probability that exactly these tokens are an entity with this label, given the doc
    and what its annotation fixes.
    """

    start: int
    end: int
    label: str
    score: float


def begins_or_ends_in_space(entity: Span) -> bool:
    """Whether no prediction can be this entity, because of its white space."""
    return entity[0].is_space or entity[-1].is_space
