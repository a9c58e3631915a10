"""The order in which an LSTM reads sequences of different lengths."""

from typing import NamedTuple

import torch
from torch import Tensor


class Reading(NamedTuple):
    """One direction: at step 0 each sequence's first token, at step 1 the second of those that have
    one, and so on.

    first: each sequence's first token [B], that of the longest sequence first. lengths: of those
    sequences [B]. pace: from a token to the next, 1 ahead and -1 back.
    """

    first: Tensor
    lengths: Tensor
    pace: int

    def tokens(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """The token that each sequence has at the steps from start to stop [stop - start, n], of
        the n sequences that are longer than start; and whether it has one there."""
        n = int((self.lengths > start).sum())
        steps = torch.arange(start, stop)[:, None]
        is_there = steps < self.lengths[:n]
        return (self.first[:n] + self.pace * steps) * is_there, is_there


def readings(lengths: list[int]) -> tuple[Reading, Reading]:
    """How an LSTM reads sequences ahead, and how back."""
    of_sequences = torch.tensor(lengths)
    ordered, order = of_sequences.sort(descending=True, stable=True)
    first = (of_sequences.cumsum(0) - of_sequences)[order]
    return Reading(first, ordered, 1), Reading(first + ordered - 1, ordered, -1)
