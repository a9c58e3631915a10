"""The sum over the tag paths that a partial annotation allows (Tsuboi et al. 2008)."""

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition
from spacy_ner_archs.decoders.lattice.scores import Scores

#: Share of a sum of paths, in double precision, that may be rounding.
CANCELLED = 1e-13


class ExcludedSpan(NamedTuple):
    """An entity that is known to be wrong: tokens start to end (exclusive) of a sequence."""

    sequence: int
    start: int
    end: int
    label: int


def annotated_log_partition(
    scores: Scores, mask: Tensor, allowed: Tensor, excluded: list[ExcludedSpan]
) -> Tensor:
    """The same as `log_partition` [B] over the paths that an annotation leaves possible.

    allowed: bool [B, T, K], the tags of these paths. excluded: entities known to be wrong; the
    scores are in double precision where there are any, as sums of paths are taken off a sum.
    """
    scores = scores.constrained(allowed)
    if excluded:
        return log_partition_without(scores, mask, excluded)
    return log_partition(scores, mask)


def log_partition_without(scores: Scores, mask: Tensor, excluded: list[ExcludedSpan]) -> Tensor:
    """The same as `log_partition` [B] over the paths that hold no excluded entity.

    An excluded entity is a run of tags B I ... L that no other entity shares. So the paths that
    hold it are the paths up to its first token, carried along that run; they are taken off the
    sum at its last token. This is exact for any number of entities, overlapping ones too.
    """
    emissions = scores.emissions.unbind(1)
    weights = scores.transitions.exp()
    alpha = scores.starts + emissions[0]
    ending: dict[int, list[ExcludedSpan]] = {}
    for span in excluded:
        ending.setdefault(span.end - 1, []).append(span)
    alphas: list[Tensor] = []
    for t in range(len(emissions)):
        if t > 0:
            alpha = torch.where(mask[:, t, None], _step(alpha, weights, emissions[t]), alpha)
        for span in ending.get(t, ()):
            alpha = _without(alpha, span, alphas, scores)
        alphas.append(alpha)
    return torch.logsumexp(alpha + scores.ends, dim=1)


def _step(alpha: Tensor, weights: Tensor, emissions: Tensor) -> Tensor:
    """One step of the forward algorithm: logsumexp over the previous tag, as a matrix product."""
    highest = alpha.detach().amax(1, keepdim=True)
    sums = (alpha - highest).exp() @ weights
    # an unreachable tag must get no infinite gradient
    return sums.clamp_min(torch.finfo(sums.dtype).tiny).log() + highest + emissions


def _without(alpha: Tensor, span: ExcludedSpan, alphas: list[Tensor], scores: Scores) -> Tensor:
    """Take the paths that hold one entity off the sums at its last token."""
    tags = biluo.span_tags(span.start, span.end, span.label)
    row, last = span.sequence, tags[-1]
    total = alpha[row, last]
    if len(tags) == 1:
        remaining = total.new_full((), -torch.inf)
    else:
        steps = zip(pairwise(tags), range(span.start + 1, span.end), strict=True)
        run = torch.stack(
            [scores.transitions[a, b] + scores.emissions[row, t, b] for (a, b), t in steps]
        )
        difference = alphas[span.start][row, tags[0]] + run.sum() - total
        # what rounding leaves of a sum that is all taken off must not count as a path
        exists = difference < -CANCELLED
        difference = torch.where(exists, difference, -1.0)
        remaining = torch.where(exists, total + torch.log(-torch.expm1(difference)), -torch.inf)
    position = torch.zeros_like(alpha, dtype=torch.bool)
    position[row, last] = True
    return torch.where(position, remaining, alpha)
