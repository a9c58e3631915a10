"""Scores of the tag paths of a batch.

Shapes here and in the modules that use them: B sequences, T tokens of the longest, K tags. A mask
is bool [B, T], true on tokens; padding is at the end. A path's score is the sum of the emissions
of its tags, of the transitions between them, and of a start and an end score (Lafferty et al.
2001).
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


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

    def double(self) -> "Scores":
        return Scores(*(part.double() for part in self))

    def at_temperature(self, temperature: float) -> "Scores":
        """Divided by a temperature: above 1 all paths become more alike."""
        return Scores(*(part / temperature for part in self))


def path_score(scores: Scores, tags: Tensor, mask: Tensor) -> Tensor:
    """Scores of one path of each sequence [B], summed in double precision.

    tags: [B, T], any on padding.
    """
    return _PathScore.apply(*scores, tags, mask)


class _PathScore(torch.autograd.Function):
    """Its gradients are counts of the path's steps."""

    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,
        transitions: Tensor,
        starts: Tensor,
        ends: Tensor,
        tags: Tensor,
        mask: Tensor,
    ) -> Tensor:
        first, last = tags[:, 0], tags.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]
        n_tags = len(starts)
        steps = tags[:, :-1] * n_tags + tags[:, 1:]
        ctx.save_for_backward(tags, mask, first, last, steps)
        ctx.n_tags, ctx.dtype = n_tags, emissions.dtype
        of_tags = emissions.gather(2, tags[..., None])[..., 0].masked_fill(~mask, 0.0)
        of_steps = transitions.flatten()[steps].masked_fill(~mask[:, 1:], 0.0)
        ends_and_starts = starts[first].double() + ends[last]
        return (
            of_tags.sum(1, dtype=torch.double)
            + of_steps.sum(1, dtype=torch.double)
            + (ends_and_starts)
        )

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_score: Tensor) -> tuple[Tensor | None, ...]:
        tags, mask, first, last, steps = ctx.saved_tensors
        n_tags = ctx.n_tags
        d = (d_score[:, None] * mask).to(ctx.dtype)
        d_emissions = d.new_zeros(*tags.shape, n_tags).scatter_(2, tags[..., None], d[..., None])
        d_transitions = d.new_zeros(n_tags * n_tags)
        d_transitions.index_add_(0, steps.flatten(), d[:, 1:].flatten())
        d_starts, d_ends = d.new_zeros(2, n_tags).unbind()
        d_starts.index_add_(0, first, d[:, 0])
        d_ends.index_add_(0, last, d[:, 0])
        return d_emissions, d_transitions.view(n_tags, n_tags), d_starts, d_ends, None, None
