"""The sum over all tag paths, and the probabilities of tags and steps that it gives.

The forward and the backward recursion run together, as one batched product a token, on sums of
exponentials that are scaled to about 1 at each token (Rabiner 1989, section V.A). Two states
besides the tags make that product serve both without a mask:

- END, where a sequence stays after its last token; the step into it has the tag's end score. So
  padding needs no case of its own, and the two recursions are mirror images.
- SUM, the sum of the other states, which the product gives on the way and the next step divides by.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from spacy_ner_archs.decoders.lattice.scores import Scores

#: Values of a table of steps in memory at a time, where one is needed.
MOST_STEPS = 2**22


@dataclass(frozen=True)
class Posterior:
    """The distribution of a sequence's tag paths: a Markov chain whose steps depend on the token.

    log_partition: logarithm of the sum of exp(score) over all paths [B], in double precision;
    -inf where there is none. marginals: probability of each tag [B, T, K], 0 on padding.

    The probability that tag j follows tag i at token t is
    weights[i, j] * into[t + 1, :, j] / onward[t, :, i]. alphas, into, onward: [T, B, K], each
    token in a unit of its own; joint [T, B]: the sum of alphas * onward.
    """

    scores: Scores
    mask: Tensor
    log_partition: Tensor
    marginals: Tensor
    weights: Tensor
    alphas: Tensor
    into: Tensor
    onward: Tensor
    joint: Tensor

    def conditional(self, sequence: Tensor, token: Tensor, tag: Tensor, next_tag: Tensor) -> Tensor:
        """Probability of the next token's tag, given a token's tag; 0 where that is impossible.

        Four arrays [N] of indices, the next token within T.
        """
        numerator = self.weights[tag, next_tag] * self.into[token + 1, sequence, next_tag]
        total = self.onward[token, sequence, tag]
        return torch.where(total > 0, numerator / total, 0.0).double()


class _States(NamedTuple):
    """before and after each token's emission, [T, 2, B, K + 2]; forward and backward, the latter
    from the last token to the first."""

    before: Tensor
    after: Tensor


def posterior(scores: Scores, mask: Tensor) -> Posterior:
    """All that the paths' distribution gives, without gradients."""
    with torch.no_grad():
        return _posterior(scores, mask)


def log_partition(scores: Scores, mask: Tensor) -> Tensor:
    """Logarithm of the sum of exp(score) over all paths [B], in double precision.

    Gradients are the marginals of tags and steps, from the same recursion, without a graph over
    the tokens. They can't be differentiated again.
    """
    return _LogPartition.apply(*scores, mask)


class _LogPartition(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, emissions: Tensor, transitions: Tensor, starts: Tensor, ends: Tensor, mask: Tensor
    ) -> Tensor:
        chain = _posterior(Scores(emissions, transitions, starts, ends), mask)
        ctx.chain = chain
        return chain.log_partition

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_log_z: Tensor) -> tuple[Tensor | None, ...]:
        chain: Posterior = ctx.chain
        dtype = chain.scores.emissions.dtype
        d = d_log_z.to(chain.marginals.dtype)
        d_emissions = chain.marginals * d[:, None, None]
        d_transitions = _edge_sums(chain, d)
        lasts = chain.mask.sum(1) - 1
        d_ends = d_emissions[torch.arange(len(lasts), device=lasts.device), lasts].sum(0)
        gradients = d_emissions, d_transitions, d_emissions[:, 0].sum(0), d_ends
        return *(gradient.to(dtype) for gradient in gradients), None


def _edge_sums(chain: Posterior, d: Tensor) -> Tensor:
    """Sum [K, K] of the steps' probabilities, each sequence's times d [B]."""
    before = chain.alphas[:-1] * (d / chain.joint[:-1])[..., None]
    return (before.flatten(0, 1).T @ chain.into[1:].flatten(0, 1)) * chain.weights


def _posterior(scores: Scores, mask: Tensor) -> Posterior:
    chain = _scaled(scores, mask)
    least = 1e-25 if chain.joint.dtype == torch.float32 else 1e-280
    if bool((chain.joint > least).all()):
        return chain
    return _in_logs(scores, mask)


def _scaled(scores: Scores, mask: Tensor) -> Posterior:
    emissions, n_tags = scores.emissions, len(scores.starts)
    emissions = emissions.masked_fill(~mask[..., None], -torch.inf)
    highest = _finite(emissions.amax(2, keepdim=True))
    weights, offset = _step_weights(scores)
    after = emissions.new_ones(mask.shape[1], 2, len(mask), n_tags + 2)
    steps = after[:, 0]
    torch.sub(emissions, highest, out=(x := torch.empty_like(emissions)))
    steps[..., :n_tags] = x.exp_().transpose(0, 1)
    steps[..., n_tags] = ~mask.T
    after[:, 1] = steps.flip(0)
    before = torch.empty_like(after)
    before[0, 0, :, :n_tags], start = _exp(scores.starts)
    before[0, 0, :, n_tags:] = before.new_tensor([0.0, 1.0])
    before[0, 1] = weights[0, :, n_tags]
    before[0, 1, :, -1] = 1.0
    _recur(before, after, weights)

    onward = before[:, 1].flip(0)[..., : n_tags + 1]
    alphas = after[:, 0, :, : n_tags + 1]
    both = alphas * onward
    joint = both.sum(2)
    marginals = both[..., :n_tags] / joint.clamp_min(torch.finfo(joint.dtype).tiny)[..., None]
    log_z = before[:, 0, :, -1].log().sum(0, dtype=torch.double) + joint[-1].log()
    n_steps = mask.sum(1) - 1
    log_z = log_z + (highest[..., 0] * mask).sum(1, dtype=torch.double)
    log_z = log_z + start + offset[1] + n_steps * offset[0].double()
    return Posterior(
        scores,
        mask,
        log_z,
        marginals.transpose(0, 1),
        weights[0, :n_tags, :n_tags],
        alphas[..., :n_tags],
        after[:, 1].flip(0)[..., :n_tags],
        onward[..., :n_tags],
        joint,
    )


def _recur(before: Tensor, after: Tensor, weights: Tensor) -> None:
    """Fill both states of all tokens: after holds the tokens' factors, before the first's."""
    ways = before.unbind(0)
    totals = before[..., -1:].unbind(0)
    for t, state in enumerate(after.unbind(0)):
        state.mul_(ways[t]).div_(totals[t])
        if t + 1 < len(ways):
            torch.bmm(state, weights, out=ways[t + 1])


def _step_weights(scores: Scores) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Weights of the steps between all states [2, K + 2, K + 2], forward and backward, and the
    logarithms of the units of those between tags and of those into END."""
    n_tags = len(scores.starts)
    weights = scores.transitions.new_zeros(2, n_tags + 2, n_tags + 2)
    forward, backward = weights
    forward[:n_tags, :n_tags], of_tags = _exp(scores.transitions)
    forward[:n_tags, n_tags], of_ends = _exp(scores.ends)
    forward[n_tags, n_tags] = 1.0
    backward.copy_(forward.T)
    weights[..., -1] = weights.sum(2)
    # SUM is 1 after each division: so no sum is 0, even where no path is left
    weights[:, -1, -1] = torch.finfo(weights.dtype).tiny
    return weights, (of_tags, of_ends)


def _exp(scores: Tensor) -> tuple[Tensor, Tensor]:
    highest = _finite(scores.max())
    return (scores - highest).exp(), highest


def _finite(highest: Tensor) -> Tensor:
    return highest.clamp_min(torch.finfo(highest.dtype).min)


def _in_logs(scores: Scores, mask: Tensor) -> Posterior:
    """The same, slowly: for scores so far apart that scaled sums lose paths that count."""
    emissions, transitions, starts, ends = (part.double() for part in scores)
    n_tokens = mask.shape[1]
    alphas = [starts + emissions[:, 0]]
    for t in range(1, n_tokens):
        alpha = _log_sums(alphas[-1], transitions) + emissions[:, t]
        alphas.append(torch.where(mask[:, t, None], alpha, -torch.inf))
    onward, into = [ends.expand_as(alphas[0])], [emissions[:, -1] + ends]
    for t in range(n_tokens - 2, -1, -1):
        beta = torch.where(mask[:, t + 1, None], _log_sums(into[-1], transitions.T), ends)
        onward.append(beta)
        into.append(beta + emissions[:, t])
    log_alphas = torch.stack(alphas)
    log_onward, log_into = torch.stack(onward[::-1]), torch.stack(into[::-1])
    log_z = (log_alphas[0] + log_onward[0]).logsumexp(1)
    marginals = (log_alphas + log_onward - _finite(log_z)[:, None]).exp() * mask.T[..., None]
    # of the states that count: each token's in a unit of its own
    relevant = marginals > 0
    alphas_, _ = _exp_rows(log_alphas, relevant)
    into_, units = _exp_rows(log_into, relevant)
    units = torch.cat([units[1:], torch.zeros_like(units[:1])])
    onward_ = torch.where(relevant, log_onward - units, -torch.inf).exp()
    joint = (alphas_ * onward_).sum(2)
    joint = torch.where(joint > 0, joint, 1.0)
    weights = transitions.exp()
    return Posterior(
        scores, mask, log_z, marginals.transpose(0, 1), weights, alphas_, into_, onward_, joint
    )


def _exp_rows(logs: Tensor, relevant: Tensor) -> tuple[Tensor, Tensor]:
    logs = torch.where(relevant, logs, -torch.inf)
    highest = _finite(logs.amax(2, keepdim=True))
    return (logs - highest).exp(), highest


def _log_sums(states: Tensor, transitions: Tensor) -> Tensor:
    n_sequences = max(1, MOST_STEPS // transitions.numel())
    parts = [(part[:, :, None] + transitions).logsumexp(1) for part in states.split(n_sequences)]
    return torch.cat(parts)
