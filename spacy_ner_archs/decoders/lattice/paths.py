"""Sums and maxima over the tag paths of a batch.

Shapes: B sequences, T tokens of the longest, K tags. A path's score is the sum of the emissions of
its tags, of the transitions between them, and of a start and an end score (Lafferty et al. 2001).
"""

from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from spacy_ner_archs.decoders.lattice import biluo

#: Steps from tag to tag whose scores are in memory at a time.
MOST_STEPS = 2**22

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


def log_partition(scores: Scores, mask: Tensor) -> Tensor:
    """Logarithm of the sum of exp(score) over all paths [B].

    mask: bool [B, T], true on tokens. Gradients are the marginals of tags and transitions, from
    the backward algorithm, without a graph over the steps. They can't be differentiated again.
    """
    return _LogPartition.apply(*scores, mask)


class _LogPartition(torch.autograd.Function):
    """The forward-backward algorithm with sums that are scaled to 1 at each step (Rabiner 1989,
    section V.A)."""

    @staticmethod
    def forward(
        ctx: Any, emissions: Tensor, transitions: Tensor, starts: Tensor, ends: Tensor, mask: Tensor
    ) -> Tensor:
        least = torch.finfo(emissions.dtype).tiny  # of a sum: no path must not divide by 0
        highest = emissions.amax(2, keepdim=True).clamp_min(torch.finfo(emissions.dtype).min)
        here = mask[..., None].unbind(1)
        weights = transitions.exp()
        steps = (emissions - highest).exp().unbind(1)
        alpha = starts.exp() * steps[0]
        alphas, scales = [], []
        for t, step in enumerate(steps):
            if t > 0:
                alpha = torch.where(here[t], (alpha @ weights) * step, alpha)
            scale = alpha.sum(1, keepdim=True).clamp_min(least)
            alpha = alpha / scale
            alphas.append(alpha)
            scales.append(scale)
        last = (alpha * ends.exp()).sum(1).clamp_min(least)
        ctx.save_for_backward(weights, ends, mask, last, *steps, *alphas, *scales)
        return last.log() + torch.cat(scales, 1).log().sum(1) + (highest[..., 0] * mask).sum(1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_log_z: Tensor) -> tuple[Tensor | None, ...]:
        weights, ends, mask, last, *saved = ctx.saved_tensors
        n = len(saved) // 3
        steps, alphas, scales = saved[:n], saved[n : 2 * n], saved[2 * n :]
        here = mask[..., None].unbind(1)
        beta = ends.exp() / last[:, None]
        marginals = [alphas[-1] * beta]
        messages = []
        for t in range(n - 1, 0, -1):
            message = torch.where(here[t], steps[t] * beta / scales[t], 0.0)
            beta = torch.where(here[t], message @ weights.T, beta)
            marginals.append(alphas[t - 1] * beta)
            messages.append(message)
        d = d_log_z[:, None]
        d_emissions = torch.stack(marginals[::-1], 1) * mask[..., None] * d[..., None]
        d_weights = torch.zeros_like(weights)
        if messages:
            before = torch.stack(alphas[:-1]) * d
            d_weights = torch.einsum("tbi,tbj->ij", before, torch.stack(messages[::-1]))
        d_ends = (alphas[-1] * ends.exp() / last[:, None] * d).sum(0)
        return d_emissions, d_weights * weights, d_emissions[:, 0].sum(0), d_ends, None


def path_score(scores: Scores, tags: Tensor, mask: Tensor) -> Tensor:
    """Scores of one path of each sequence [B]. tags: [B, T], any on padding."""
    emissions = scores.emissions.gather(2, tags[..., None])[..., 0]
    steps = scores.transitions[tags[:, :-1], tags[:, 1:]]
    lasts = tags.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]
    return (
        scores.starts[tags[:, 0]]
        + torch.where(mask, emissions, 0.0).sum(1)
        + torch.where(mask[:, 1:], steps, 0.0).sum(1)
        + scores.ends[lasts]
    )


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
        values, tags = _best_before(best, into)
        best = torch.where(here, values + emissions[t], best)
        previous.append(torch.where(here, tags, stay))
    tag = (best + scores.ends).argmax(1, keepdim=True)
    path = [tag]
    for tags in reversed(previous):
        tag = tags.gather(1, tag)
        path.append(tag)
    return torch.cat(path[::-1], dim=1)


def _best_before(best: Tensor, into: Tensor) -> tuple[Tensor, Tensor]:
    """Score and tag [B, K] of the best step into each tag, from the best paths' scores [B, K]. A
    few sequences at a time, so that many tags don't take much memory."""
    n_sequences = max(1, MOST_STEPS // into.numel())
    parts = [(part[:, None] + into).max(2) for part in best.split(n_sequences)]
    values, tags = zip(*parts, strict=True)
    return torch.cat(values), torch.cat(tags)
