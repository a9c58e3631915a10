"""Sums and maxima over the tag paths of a batch.

Shapes: B sequences, T tokens of the longest, K tags. A path's score is the sum of the emissions of
its tags, of the transitions between them, and of a start and an end score (Lafferty et al. 2001).
"""

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from spacy_ner_archs.torch_layers import biluo

#: Share of a sum of paths, in double precision, that may be rounding.
CANCELLED = 1e-13


class Scores(NamedTuple):
    """Scores of single steps; -inf forbids a step.

    emissions: [B, T, K]. transitions: [K, K], from row to column. starts, ends: [K].
    """

    emissions: Tensor
    transitions: Tensor
    starts: Tensor
    ends: Tensor


class ExcludedSpan(NamedTuple):
    """An entity that is known to be wrong: tokens start to end (exclusive) of a sequence."""

    sequence: int
    start: int
    end: int
    label: int


def log_partition(scores: Scores, mask: Tensor, excluded: list[ExcludedSpan]) -> Tensor:
    """Logarithm of the sum of exp(score) over all paths [B] that hold no excluded entity: the
    forward algorithm (Rabiner 1989).

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
        if excluded:
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


def viterbi(scores: Scores, mask: Tensor, allowed: Tensor | None = None) -> Tensor:
    """The tags of the best path [B, T] (Viterbi 1967), among the allowed tags, bool [B, T, K], or
    all where None. After a sequence's end its last tag."""
    emissions_ = scores.emissions
    if allowed is not None:
        emissions_ = emissions_.masked_fill(~allowed, -torch.inf)
    emissions = emissions_.unbind(1)
    into = scores.transitions.T.contiguous()  # [to, from]: the maximum runs along memory
    stay = torch.arange(into.shape[0], device=into.device)
    best = scores.starts + emissions[0]
    previous = []
    for t in range(1, len(emissions)):
        here = mask[:, t, None]
        values, tags = (best[:, None] + into).max(2)
        best = torch.where(here, values + emissions[t], best)
        previous.append(torch.where(here, tags, stay))
    tag = (best + scores.ends).argmax(1, keepdim=True)
    path = [tag]
    for tags in reversed(previous):
        tag = tags.gather(1, tag)
        path.append(tag)
    return torch.cat(path[::-1], dim=1)
