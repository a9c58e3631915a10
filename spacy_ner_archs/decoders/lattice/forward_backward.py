"""The sum over all tag paths, and the probabilities of tags and steps that it gives."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

import torch
from thinc.api import xp2torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from spacy_ner_archs.decoders.lattice.arrays import as_array, as_tensor
from spacy_ner_archs.decoders.lattice.chain import Chain, scaled_chain, step_table
from spacy_ner_archs.decoders.lattice.log_chain import log_chain
from spacy_ner_archs.decoders.lattice.path_steps import (
    path_steps,
    score_of_steps,
    subtract_steps,
)
from spacy_ner_archs.decoders.lattice.scores import Scores

#: Where sums before and after a token overlap less, paths that count may be lost to underflow.
LEAST_SHARE = {"float32": 1e-25, "float64": 1e-280}


@dataclass(frozen=True)
class Posterior:
    """The distribution of the tag paths, as tensors: see `Chain`."""

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
        return (self.shares / self.totals[..., None])[..., :-2].transpose(0, 1)

    def conditional(self, sequence: Tensor, token: Tensor, tag: Tensor, next_tag: Tensor) -> Tensor:
        """Probability of the next token's tag, given a token's tag; 0 where that is impossible.

        Four arrays [N] of indices, the next token within T.
        """
        joint = self.weights[tag, next_tag] * self.into[token + 1, sequence, next_tag]
        total = self.onward[token, sequence, tag]
        return torch.where(total > 0, joint / total, 0.0).double()


def posterior(scores: Scores, mask: Tensor) -> Posterior:
    """All that the paths' distribution gives, without gradients."""
    chain = _chain(_Arrays.of(scores, mask))
    return Posterior(scores, mask, *(as_tensor(part, mask) for part in chain))


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


class _Arrays(NamedTuple):
    """emissions: [B, T, K]. table: `step_table` [S, S]. is_padding: bool [T, B]."""

    emissions: Any
    table: Any
    is_padding: Any

    @classmethod
    def of(cls, scores: Scores, mask: Tensor) -> "_Arrays":
        emissions, *steps = map(as_array, scores)
        return cls(emissions, step_table(*steps), ~as_array(mask).T)

    def double(self) -> "_Arrays":
        emissions, table = (part.astype("float64") for part in self[:2])
        return _Arrays(emissions, table, self.is_padding)


def _chain(arrays: _Arrays) -> Chain:
    """In the scores' precision, or in double precision, or else in logarithms."""
    chain = scaled_chain(*arrays)
    if chain.totals.min() > LEAST_SHARE[chain.totals.dtype.name]:
        return chain
    if chain.totals.dtype != "float64":
        return _chain(arrays.double())
    emissions, table, is_padding = (cast(Tensor, xp2torch(array)) for array in arrays)
    return log_chain(emissions, table, ~is_padding.T)


class _NegativeLogLikelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        *parts, mask, tags = inputs
        scores = Scores(*parts)
        arrays = _Arrays.of(scores, mask)
        ctx.chain, ctx.steps = _chain(arrays), None
        ctx.dtypes = [part.dtype for part in scores]
        loss = ctx.chain.log_partition
        if tags is not None:
            ctx.steps = path_steps(as_array(tags), arrays.is_padding, len(arrays.table))
            loss = loss - score_of_steps(*arrays, as_array(tags), ctx.steps)
        return as_tensor(loss, mask)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_loss: Tensor) -> tuple[Tensor | None, ...]:
        chain: Chain = ctx.chain
        n_tags = len(chain.weights) - 2
        d = as_array(d_loss).astype(chain.totals.dtype)
        shares, edges = chain.weighted_shares(d), chain.weighted_edges(d)
        edges[:, n_tags] += shares[-1].sum(0)  # the steps into END after the last column
        if ctx.steps is not None:
            subtract_steps(shares, edges, ctx.steps, d)
        d_starts = shares[0].sum(0)
        d_emissions = shares[..., :n_tags].transpose(1, 0, 2)
        d_table = edges[:n_tags, :n_tags], d_starts[:n_tags], edges[:n_tags, n_tags]
        gradients = zip((d_emissions, *d_table), ctx.dtypes, strict=True)
        return *(as_tensor(array, d_loss).to(dtype) for array, dtype in gradients), None, None
