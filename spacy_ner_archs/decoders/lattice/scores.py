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
    of_tags = scores.emissions.gather(2, tags[..., None])[..., 0].masked_fill(~mask, 0.0)
    of_steps = scores.transitions[tags[:, :-1], tags[:, 1:]].masked_fill(~mask[:, 1:], 0.0)
    lasts = tags.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]
    bounds = scores.starts[tags[:, 0]].double() + scores.ends[lasts]
    return bounds + of_tags.double().sum(1) + of_steps.double().sum(1)
