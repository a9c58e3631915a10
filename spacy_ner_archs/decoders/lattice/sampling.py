import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice.forward_backward import Posterior


def sample(posterior: Posterior, n: int, generator: torch.Generator | None = None) -> Tensor:
    """Tags of n paths of each sequence [n, B, T], drawn independently from their distribution.

    0 on padding. Each must have a path. The generator is one of the scores' device.
    """
    n_tokens, weights = posterior.mask.shape[1], posterior.weights[:-2, :-2]
    tags = _draw(posterior.marginals[:, 0].expand(n, -1, -1), generator)
    path = [tags]
    for t in range(1, n_tokens):
        tags = _draw(weights[tags] * posterior.into[t, :, :-2], generator)
        path.append(tags)
    return torch.stack(path, 2) * posterior.mask


def _draw(weights: Tensor, generator: torch.Generator | None) -> Tensor:
    """One index of each row of weights [n, B, K], by the inverse of the distribution function."""
    sums = weights.cumsum(2, dtype=torch.double)
    places = torch.rand(sums.shape[:2], dtype=torch.double, device=sums.device, generator=generator)
    places = places[..., None] * sums[..., -1:]
    return torch.searchsorted(sums, places, right=True)[..., 0].clamp_max(sums.shape[2] - 1)
