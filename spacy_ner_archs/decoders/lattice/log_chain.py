"""The sums over all tag paths in logarithms: slowly, for scores so far apart that scaled sums lose
paths that count."""

import torch
from thinc.api import torch2xp
from torch import Tensor

from spacy_ner_archs.decoders.lattice.chain import Chain

#: Values of a table of steps in memory at a time.
MOST_STEPS = 2**22


def log_chain(emissions: Tensor, table: Tensor, mask: Tensor) -> Chain:
    """emissions: [B, T, K]. table: `step_table` [S, S]. mask: bool [B, T]."""
    starts, ends = table[-1], table[:, -2]
    table = table.clone()
    table[-1] = -torch.inf
    factors = _log_factors(emissions, mask)
    alphas, onward = [starts + factors[0]], [ends.expand_as(factors[0])]
    for t in range(1, len(factors)):
        alphas.append(_log_sums(alphas[-1], table) + factors[t])
        onward.append(_log_sums(onward[-1] + factors[-t], table.T))
    log_alphas, log_onward = torch.stack(alphas), torch.stack(onward[::-1])
    log_z = (log_alphas[0] + log_onward[0]).logsumexp(1)
    shares = (log_alphas + log_onward - _finite(log_z)[:, None]).exp()
    return _from_logs(log_z, table, log_alphas, log_onward, factors, shares)


def _from_logs(
    log_z: Tensor,
    table: Tensor,
    log_alphas: Tensor,
    log_onward: Tensor,
    factors: Tensor,
    shares: Tensor,
) -> Chain:
    """Each token in a unit of its own, of the states that any path reaches."""
    reached = shares > 0
    unit = _finite(table.max())
    alphas, _ = _exp(log_alphas, reached)
    into, units = _exp(log_onward + factors, reached)
    onward, last = _exp(log_onward, reached)
    units = torch.cat([units[1:] + unit, last[-1:]])
    onward = torch.where(reached, log_onward - units, -torch.inf).exp()
    totals = (alphas * onward).sum(2)
    totals = torch.where(totals > 0, totals, 1.0)
    shares = shares * totals[..., None]
    weights = (table - unit).exp()
    parts = log_z, weights, alphas, onward, into, shares, totals
    return Chain(*(torch2xp(part) for part in parts))


def _log_factors(emissions: Tensor, mask: Tensor) -> Tensor:
    """Of the states [T, B, S]."""
    factors = torch.nn.functional.pad(emissions.transpose(0, 1), (0, 2), value=-torch.inf)
    is_padding = ~mask.T[..., None]
    factors = factors.masked_fill(is_padding, -torch.inf)
    factors[..., -2] = torch.where(mask.T, -torch.inf, 0.0)
    return factors


def _exp(logs: Tensor, reached: Tensor) -> tuple[Tensor, Tensor]:
    logs = torch.where(reached, logs, -torch.inf)
    highest = _finite(logs.amax(2, keepdim=True))
    return (logs - highest).exp(), highest


def _log_sums(states: Tensor, table: Tensor) -> Tensor:
    n_sequences = max(1, MOST_STEPS // table.numel())
    parts = [(part[:, :, None] + table).logsumexp(1) for part in states.split(n_sequences)]
    return torch.cat(parts)


def _finite(highest: Tensor) -> Tensor:
    """As `chain.finite`, of a tensor."""
    return highest.clamp_min(torch.finfo(highest.dtype).min)
