"""The sums over all tag paths, in arrays: NumPy's, or CuPy's on a GPU. The calls of a small batch
cost more than their arithmetic, and NumPy's cost a third of torch's.

The forward and the backward recursion run together, as one batched product a token, on sums of
exponentials that are scaled to about 1 at each token (Rabiner 1989, section V.A). The states of
the recursion [S = K + 2] are the tags and two more, so that one product serves both directions and
no step needs a mask:

- END, state K: where a sequence stays after its last token. The step into it has the end score.
- SUM, state K + 1: the sum of all others, by which the next step divides.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from thinc.api import get_array_module

#: Multiplications of a product that NumPy's BLAS still computes in one thread. It has threads of
#: its own, which wait busily: larger products are torch's.
MOST_IN_NUMPY = 2**18


class Chain(NamedTuple):
    """The distribution of the tag paths: a Markov chain with steps of its own at each token.

    log_partition: logarithm of the sum of exp(score) over all paths [B], in double precision;
    -inf where there is none.

    The probability that state j follows state i after token t is
    weights[i, j] * into[t + 1, :, j] / onward[t, :, i]. weights: [S, S]. alphas (of the tokens up
    to t), onward (of those behind t), into (of t and those behind it), and shares = alphas *
    onward: [T, B, S], each token in a unit of its own. totals: sums of the shares [T, B].
    """

    log_partition: Any
    weights: Any
    alphas: Any
    onward: Any
    into: Any
    shares: Any
    totals: Any

    def weighted_shares(self, weights: Any) -> Any:
        """Probabilities of the states [T, B, S] times the weights of the sequences [B]."""
        return self.shares * (weights / self.totals)[..., None]

    def weighted_edges(self, weights: Any) -> Any:
        """Sums [S, S] of the steps' probabilities times the weights of the sequences [B]."""
        before = self.alphas[:-1] * (weights / self.totals[:-1])[..., None]
        n_states = self.weights.shape[0]
        steps = before.reshape(-1, n_states).T, self.into[1:].reshape(-1, n_states)
        return _product_of(*steps)(*steps) * self.weights


def scaled_chain(emissions: Any, table: Any, is_padding: Any) -> Chain:
    """emissions: [B, T, K]. table: `step_table` [S, S]. is_padding: bool [T, B]."""
    xp = get_array_module(emissions)
    n_sequences, n_tokens, n_tags = emissions.shape
    of_tags = xp.ascontiguousarray(emissions.reshape(-1, n_tags).T)  # maxima of whole vectors
    highest = finite(of_tags.max(0)).reshape(n_sequences, n_tokens).T
    weights, first, unit = _step_weights(xp, table)
    after = _factors(xp, emissions, highest, is_padding)
    before = xp.empty_like(after)
    before[0] = first[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):  # where no path is left
        _recur(before, after, weights)
        onward = before[::-1, 1].copy()  # torch takes no negative strides
        into = after[::-1, 1].copy()
        alphas = after[:, 0]
        shares = alphas * onward
        totals = shares @ _all_but_sum(xp, shares)
        sums = xp.log(before[:, 0, :, -1]) + xp.where(is_padding, 0.0, highest + unit)
        log_z = sums.sum(0, dtype=np.float64) + xp.log(totals[-1].astype(np.float64)) + unit
    return Chain(log_z, weights[0], alphas, onward, into, shares, totals)


def step_table(transitions: Any, starts: Any, ends: Any) -> Any:
    """Scores of the steps between states [S, S], S = K + 2. State K is the end, where a sequence
    stays after its last token; from state K + 1 it starts."""
    xp = get_array_module(transitions)
    n_tags = len(starts)
    table = xp.full((n_tags + 2, n_tags + 2), -np.inf, transitions.dtype)
    table[:n_tags, :n_tags] = transitions
    table[:n_tags, n_tags] = ends
    table[n_tags, n_tags] = 0.0
    table[n_tags + 1, :n_tags] = starts
    return table


def finite(highest: Any) -> Any:
    """Maxima, as a unit that can be subtracted: -inf, where nothing is possible, is replaced."""
    return highest.clip(np.finfo(highest.dtype).min)


def _all_but_sum(xp: Any, shares: Any) -> Any:
    """Ones for the states, but 0 for SUM: a product with it is a sum over the last, short axis."""
    ones = xp.ones(shares.shape[-1], shares.dtype)
    ones[-1] = 0.0
    return ones


def _factors(xp: Any, emissions: Any, highest: Any, is_padding: Any) -> Any:
    """Factors of the states [T, 2, B, S]: from the first token to the last, and the other way."""
    n_sequences, n_tokens, n_tags = emissions.shape
    factors = xp.empty((n_tokens, 2, n_sequences, n_tags + 2), emissions.dtype)
    forward = factors[:, 0]
    tags = emissions - highest.T[..., None]
    forward[..., :n_tags] = xp.exp(tags, out=tags).transpose(1, 0, 2)
    if is_padding.any():
        forward[is_padding] = 0.0
    forward[..., -2] = is_padding
    forward[..., -1] = 1.0
    factors[:, 1] = forward[::-1]
    return factors


def _recur(before: Any, after: Any, weights: Any) -> None:
    """Sums before and after each token's factors: `after` holds the factors, `before` the first."""
    product = _product_of(before[0], weights)
    totals = before[..., -1:]
    for t in range(len(after)):
        states = after[t]
        states *= before[t]
        states /= totals[t]
        if t + 1 < len(after):
            product(states, weights, out=before[t + 1])


def _step_weights(xp: Any, table: Any) -> tuple[Any, Any, Any]:
    """Weights of the steps between states [2, S, S] and of the first [2, S], forward and backward,
    and the logarithm of their unit."""
    unit = finite(table.max())
    forward = xp.exp(table - unit)
    forward[-2, -2] = 1.0  # stays in END, whatever the unit
    first = xp.empty((2, len(table)), table.dtype)
    first[0], first[1] = forward[-1], forward[:, -2]
    first[:, -1] = 1.0
    forward[-1] = 0.0
    weights = xp.empty((2, *table.shape), table.dtype)
    weights[0], weights[1] = forward, forward.T
    weights[..., -1] = weights.sum(2)
    # SUM is 1 after each division: so no sum is 0, even where no path is left
    weights[:, -1, -1] = np.finfo(weights.dtype).tiny
    return weights, first, unit


def _product_of(left: Any, right: Any) -> Callable[..., Any]:
    """The function that multiplies matrices of these sizes."""
    xp = get_array_module(left)
    is_small = left[..., 0, :].size * left.shape[-2] * right.shape[-1] <= MOST_IN_NUMPY
    return xp.matmul if xp is not np or is_small else _torch_product


def _torch_product(left: Any, right: Any, out: Any = None) -> Any:
    target = None if out is None else torch.from_numpy(out)
    return torch.matmul(torch.from_numpy(left), torch.from_numpy(right), out=target).numpy()
