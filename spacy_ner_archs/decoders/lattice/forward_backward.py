"""The sum over all tag paths, and the probabilities of tags and steps that it gives.

The forward and the backward recursion run together, as one batched product a token, on sums of
exponentials that are scaled to about 1 at each token (Rabiner 1989, section V.A). The states of
the recursion [S = K + 2] are the tags and two more, so that one product serves both directions and
no step needs a mask:

- END, state K: where a sequence stays after its last token. The step into it has the end score.
- SUM, state K + 1: the sum of all others, by which the next step divides.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from spacy_ner_archs.decoders.lattice.scores import (
    Scores,
    finite,
    path_steps,
    score_of_steps,
    step_table,
)

#: Values of a table of steps in memory at a time, where one is needed.
MOST_STEPS = 2**22

#: Where sums before and after a token overlap less, paths that count may be lost to underflow.
LEAST_SHARE = {torch.float32: 1e-25, torch.float64: 1e-280}


@dataclass(frozen=True)
class Posterior:
    """The distribution of the tag paths: a Markov chain with steps of its own at each token.

    log_partition: logarithm of the sum of exp(score) over all paths [B], in double precision;
    -inf where there is none.

    The probability that state j follows state i after token t is
    weights[i, j] * into[t + 1, :, j] / onward[t, :, i]. weights: [S, S]. alphas (of the tokens up
    to t), onward (of those behind t), into (of t and those behind it), and shares = alphas *
    onward: [T, B, S], each token in a unit of its own. totals: sums of the shares [T, B].
    """

    scores: Scores
    mask: Tensor
    log_partition: Tensor
    weights: Tensor
    alphas: Tensor
    onward: Tensor
    into: Tensor
    shares: Tensor
    totals: Tensor

    @cached_property
    def marginals(self) -> Tensor:
        """Probability of each tag [B, T, K], 0 on padding."""
        shares = self.weighted_shares(torch.ones_like(self.totals[0]))
        return shares[..., :-2].transpose(0, 1)

    def weighted_shares(self, weights: Tensor) -> Tensor:
        """Probabilities of the states [T, B, S] times the weights of the sequences [B]."""
        return self.shares * (weights / self.totals)[..., None]

    def weighted_edges(self, weights: Tensor) -> Tensor:
        """Sums [S, S] of the steps' probabilities times the weights of the sequences [B]."""
        before = self.alphas[:-1] * (weights / self.totals[:-1])[..., None]
        return (before.flatten(0, 1).T @ self.into[1:].flatten(0, 1)) * self.weights

    def conditional(self, sequence: Tensor, token: Tensor, tag: Tensor, next_tag: Tensor) -> Tensor:
        """Probability of the next token's tag, given a token's tag; 0 where that is impossible.

        Four arrays [N] of indices, the next token within T.
        """
        joint = self.weights[tag, next_tag] * self.into[token + 1, sequence, next_tag]
        total = self.onward[token, sequence, tag]
        return torch.where(total > 0, joint / total, 0.0).double()


def posterior(scores: Scores, mask: Tensor) -> Posterior:
    """All that the paths' distribution gives, without gradients."""
    return _posterior(scores, mask, step_table(scores))


@torch.inference_mode()  # a fifth faster than no_grad
def _posterior(scores: Scores, mask: Tensor, table: Tensor) -> Posterior:
    """In the scores' precision, or in double precision, or else in logarithms."""
    chain = _scaled(scores, mask, table)
    if chain.totals.amin().item() > LEAST_SHARE[table.dtype]:
        return chain
    step = _in_logs if table.dtype == torch.double else _posterior
    return step(scores.double(), mask, table.double())


def log_partition(scores: Scores, mask: Tensor) -> Tensor:
    """Logarithm of the sum of exp(score) over all paths [B], in double precision.

    Gradients are the marginals of tags and steps, from the same recursion, without a graph over
    the tokens. They can't be differentiated again.
    """
    return _NegativeLogLikelihood.apply(*scores, mask, None)


def negative_log_likelihood(scores: Scores, tags: Tensor, mask: Tensor) -> Tensor:
    """`log_partition` minus the `path_score` of one path of each sequence [B].

    tags: [B, T], any on padding. Gradients are the marginals minus the path's own steps.
    """
    return _NegativeLogLikelihood.apply(*scores, mask, tags)


class _NegativeLogLikelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        *parts, mask, tags = inputs
        scores = Scores(*parts)
        table = step_table(scores)
        ctx.chain, ctx.steps = _posterior(scores, mask, table), None
        if tags is None:
            return ctx.chain.log_partition.clone()
        ctx.steps = path_steps(tags, mask, len(table))
        of_path = score_of_steps(scores.emissions, table, tags, mask, ctx.steps)
        return ctx.chain.log_partition - of_path

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_loss: Tensor) -> tuple[Tensor | None, ...]:
        chain: Posterior = ctx.chain
        d, n_tags = d_loss.to(chain.totals), len(chain.scores.starts)
        shares, edges = chain.weighted_shares(d), chain.weighted_edges(d)
        edges[:, n_tags] += shares[-1].sum(0)  # the steps into END after the last column
        if ctx.steps is not None:
            _subtract_path(shares, edges, ctx.steps, d)
        d_starts, d_emissions = shares[0].sum(0), shares[..., :n_tags].transpose(0, 1)
        d_table = edges[:n_tags, :n_tags], d_starts[:n_tags], edges[:n_tags, n_tags]
        gradients = zip((d_emissions, *d_table), chain.scores, strict=True)
        return *(gradient.to(part.dtype) for gradient, part in gradients), None, None


def _subtract_path(shares: Tensor, edges: Tensor, steps: Tensor, weights: Tensor) -> None:
    """From probabilities of states and steps: a path's, of given weights. steps: `path_steps`."""
    of_steps = weights[:, None].expand_as(steps)
    edges.view(-1).index_add_(0, steps.flatten(), of_steps.flatten(), alpha=-1)
    states = steps[:, :-1].T.remainder(len(edges))[..., None]
    shares.scatter_add_(2, states, -of_steps[:, :-1].T[..., None])


def _scaled(scores: Scores, mask: Tensor, table: Tensor) -> Posterior:
    is_padding = ~mask.T
    highest = finite(scores.emissions.amax(2)).T
    weights, first, unit = _step_weights(table)
    after = _factors(scores.emissions, highest, is_padding)
    before = torch.empty_like(after)
    before[0] = first[:, None]
    _recur(before, after, weights)

    onward, into = before[:, 1].flip(0), after[:, 1].flip(0)
    alphas = after[:, 0]
    shares = alphas * onward
    totals = shares[..., :-1].sum(2)
    sums = before[:, 0, :, -1].log() + (highest + unit).masked_fill(is_padding, 0.0)
    log_z = sums.double().sum(0) + totals[-1].double().log() + unit
    return Posterior(scores, mask, log_z, weights[0], alphas, onward, into, shares, totals)


def _factors(emissions: Tensor, highest: Tensor, is_padding: Tensor) -> Tensor:
    """Factors of the states [T, 2, B, S]: from the first token to the last, and the other way."""
    n_sequences, n_tokens, n_tags = emissions.shape
    factors = emissions.new_zeros(n_tokens, 2, n_sequences, n_tags + 2)
    forward, backward = factors.unbind(1)
    unit = highest.masked_fill(is_padding, torch.inf)
    torch.sub(emissions.transpose(0, 1), unit[..., None], out=forward[..., :n_tags])
    forward.exp_()
    forward[..., -2] = is_padding
    backward.copy_(forward.flip(0))
    return factors


def _recur(before: Tensor, after: Tensor, weights: Tensor) -> None:
    """Sums before and after each token's factors: `after` holds the factors, `before` the first."""
    sums = before.unbind(0)
    totals = before[..., -1:].unbind(0)
    for t, states in enumerate(after.unbind(0)):
        states.mul_(sums[t]).div_(totals[t])
        if t + 1 < len(sums):
            torch.bmm(states, weights, out=sums[t + 1])


def _step_weights(table: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Weights of the steps between states [2, S, S] and of the first [2, S], forward and backward,
    and the logarithm of their unit."""
    unit = finite(table.max())
    forward = (table - unit).exp_()
    forward[-2, -2] = 1.0  # stays in END, whatever the unit
    first = torch.stack([forward[-1], forward[:, -2]])
    first[:, -1] = 1.0
    forward[-1] = 0.0
    weights = torch.stack([forward, forward.T])
    weights[..., -1] = weights.sum(2)
    # SUM is 1 after each division: so no sum is 0, even where no path is left
    weights[:, -1, -1] = torch.finfo(weights.dtype).tiny
    return weights, first, unit


def _in_logs(scores: Scores, mask: Tensor, table: Tensor) -> Posterior:
    """The same, slowly: for scores so far apart that scaled sums lose paths that count."""
    starts, ends = table[-1].clone(), table[:, -2]
    table[-1] = -torch.inf
    factors = _log_factors(scores.emissions, mask)
    alphas, onward = [starts + factors[0]], [ends.expand_as(factors[0])]
    for t in range(1, len(factors)):
        alphas.append(_log_sums(alphas[-1], table) + factors[t])
        onward.append(_log_sums(onward[-1] + factors[-t], table.T))
    log_alphas, log_onward = torch.stack(alphas), torch.stack(onward[::-1])
    log_z = (log_alphas[0] + log_onward[0]).logsumexp(1)
    shares = (log_alphas + log_onward - finite(log_z)[:, None]).exp()
    return _from_logs(scores, mask, log_z, table, log_alphas, log_onward, factors, shares)


def _from_logs(scores, mask, log_z, table, log_alphas, log_onward, factors, shares) -> Posterior:
    """Each token in a unit of its own, of the states that any path reaches."""
    reached = shares > 0
    unit = finite(table.max())
    alphas, _ = _exp(log_alphas, reached)
    into, units = _exp(log_onward + factors, reached)
    onward, last = _exp(log_onward, reached)
    units = torch.cat([units[1:] + unit, last[-1:]])
    onward = torch.where(reached, log_onward - units, -torch.inf).exp()
    totals = (alphas * onward).sum(2)
    totals = torch.where(totals > 0, totals, 1.0)
    shares = shares * totals[..., None]
    weights = (table - unit).exp()
    return Posterior(scores, mask, log_z, weights, alphas, onward, into, shares, totals)


def _log_factors(emissions: Tensor, mask: Tensor) -> Tensor:
    """Of the states [T, B, S]."""
    factors = torch.nn.functional.pad(emissions.transpose(0, 1), (0, 2), value=-torch.inf)
    is_padding = ~mask.T[..., None]
    factors = factors.masked_fill(is_padding, -torch.inf)
    factors[..., -2] = torch.where(mask.T, -torch.inf, 0.0)
    return factors


def _exp(logs: Tensor, reached: Tensor) -> tuple[Tensor, Tensor]:
    logs = torch.where(reached, logs, -torch.inf)
    highest = finite(logs.amax(2, keepdim=True))
    return (logs - highest).exp(), highest


def _log_sums(states: Tensor, table: Tensor) -> Tensor:
    n_sequences = max(1, MOST_STEPS // table.numel())
    parts = [(part[:, :, None] + table).logsumexp(1) for part in states.split(n_sequences)]
    return torch.cat(parts)
