"""Scores of the tag paths of a batch.

Shapes here and in the modules that use them: B sequences, T tokens of the longest, K tags. A mask
is bool [B, T], true on tokens; padding is at the end. A path's score is the sum of the emissions
of its tags, of the transitions between them, and of a start and an end score (Lafferty et al.
2001).
"""

from typing import NamedTuple

import torch
from torch import Tensor


class Scores(NamedTuple):
    """Scores of single steps; -inf forbids a step.

    emissions: [B, T, K]. transitions: [K, K], from row to column. starts, ends: [K].
    """

    emissions: Tensor
    transitions: Tensor
    starts: Tensor
    ends: Tensor

    def constrained(self, allowed: Tensor | None) -> "Scores":
        """Only the allowed tags, bool [B, T, K]; the same where None."""
        if allowed is None:
            return self
        return self._replace(emissions=self.emissions.masked_fill(~allowed, -torch.inf))

    def promoted(self) -> "Scores":
        """In one precision, the highest among the parts and at least single."""
        dtype = torch.promote_types(self.emissions.dtype, self.transitions.dtype)
        dtype = torch.promote_types(dtype, torch.float32)
        return Scores(*(part.to(dtype) for part in self))

    def double(self) -> "Scores":
        """In double precision."""
        return Scores(*(part.double() for part in self))

    def at_temperature(self, temperature: float) -> "Scores":
        """Divided by a temperature: above 1 all paths become more alike."""
        return Scores(*(part / temperature for part in self))


def path_score(scores: Scores, tags: Tensor, mask: Tensor) -> Tensor:
    """Scores of one path of each sequence [B], summed in double precision.

    tags: [B, T], any on padding.
    """
    table = step_table(scores)
    return score_of_steps(scores.emissions, table, tags, mask, path_steps(tags, mask, len(table)))


def score_of_steps(
    emissions: Tensor, table: Tensor, tags: Tensor, mask: Tensor, steps: Tensor
) -> Tensor:
    """The same, from the `step_table` and the `path_steps`."""
    of_tags = emissions.gather(2, tags[..., None])[..., 0].masked_fill(~mask, 0.0)
    return of_tags.double().sum(1) + table.take(steps).double().sum(1)


def step_table(scores: Scores) -> Tensor:
    """Scores of the steps between states [S, S], S = K + 2. State K is the end, where a sequence
    stays after its last token; from state K + 1 it starts."""
    n_tags = len(scores.starts)
    table = scores.transitions.new_full((n_tags + 2, n_tags + 2), -torch.inf)
    table[:n_tags, :n_tags] = scores.transitions
    table[:n_tags, n_tags] = scores.ends
    table[n_tags, n_tags] = 0.0
    table[n_tags + 1, :n_tags] = scores.starts
    return table


def path_steps(tags: Tensor, mask: Tensor, n_states: int) -> Tensor:
    """Indices of a path's steps [B, T + 1] in the flat `step_table`, from the start to the end."""
    start, end = n_states - 1, n_states - 2
    states = tags.new_full((len(tags), tags.shape[1] + 2), end)
    states[:, 0] = start
    states[:, 1:-1] = tags.masked_fill(~mask, end)
    return states[:, :-1] * n_states + states[:, 1:]


def finite(highest: Tensor) -> Tensor:
    """Maxima, as a unit that can be subtracted: -inf, where nothing is possible, is replaced."""
    return highest.clamp_min(torch.finfo(highest.dtype).min)
