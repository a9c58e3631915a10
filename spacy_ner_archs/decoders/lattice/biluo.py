"""The tags of the lattice, BILUO (Ratinov & Roth 2009), and which of them may follow which.

Tag 0 is O; label i has the tags 1 + 4i (B), 2 + 4i (I), 3 + 4i (L) and 4 + 4i (U). So a label
that is added later leaves the tags of the others where they are.
"""

from functools import cache
from typing import Any

import torch
from torch import Tensor

OUTSIDE = 0
BEGIN, INSIDE, LAST, UNIT = range(4)
TAGS_PER_LABEL = 4


def n_tags(n_labels: int) -> int:
    return 1 + TAGS_PER_LABEL * n_labels


def tag(label: Any, position: Any) -> Any:
    """Tag of a label's position BEGIN, INSIDE, LAST or UNIT; for ints or arrays."""
    return 1 + TAGS_PER_LABEL * label + position


def label_of(tag: Any) -> Any:
    """Of a tag other than OUTSIDE, the inverse of `tag`; for ints or arrays."""
    return (tag - 1) // TAGS_PER_LABEL


def position_of(tag: Any) -> Any:
    """Of a tag other than OUTSIDE: BEGIN, INSIDE, LAST or UNIT; for ints or arrays."""
    return (tag - 1) % TAGS_PER_LABEL


def by_position(n_tags: int) -> Tensor:
    """All tags [K] in the order B, O, U, L, I, each of all labels."""
    labels = torch.arange((n_tags - 1) // TAGS_PER_LABEL)
    begin, inside, last, unit = (tag(labels, position) for position in range(TAGS_PER_LABEL))
    return torch.cat([begin, torch.tensor([OUTSIDE]), unit, last, inside])


def span_tags(start: int, end: int, label: int) -> list[int]:
    """Tags of an entity over the tokens start to end (exclusive)."""
    if end - start == 1:
        return [tag(label, UNIT)]
    inside = [tag(label, INSIDE)] * (end - start - 2)
    return [tag(label, BEGIN), *inside, tag(label, LAST)]


def _opens_and_continues(n_tags: int) -> tuple[Tensor, Tensor]:
    """Of each tag [K]: must an entity be open before it; is one open after it?"""
    position = position_of(torch.arange(n_tags))
    inside_before = (position == INSIDE) | (position == LAST)
    inside_after = (position == BEGIN) | (position == INSIDE)
    inside_before[OUTSIDE] = inside_after[OUTSIDE] = False
    return inside_before, inside_after


@cache
def valid_transitions(n_tags: int) -> Tensor:
    """Bool [K, K]: may the second tag follow the first?"""
    inside_before, inside_after = _opens_and_continues(n_tags)
    label = label_of(torch.arange(n_tags))
    same_label = label[:, None] == label[None]
    continues = inside_after[:, None] & inside_before[None] & same_label
    return continues | (~inside_after[:, None] & ~inside_before[None])


@cache
def valid_starts(n_tags: int) -> Tensor:
    """Bool [K]: may a sequence begin with the tag?"""
    return ~_opens_and_continues(n_tags)[0]


@cache
def valid_ends(n_tags: int) -> Tensor:
    """Bool [K]: may a sequence end with the tag?"""
    return ~_opens_and_continues(n_tags)[1]
