"""Between ragged batches (tokens of all sequences, one after another) and padded ones.

Shapes: N tokens in all, B sequences, T the longest sequence's tokens, D features.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

#: Share of a batch that may be padding, and of the largest batch below which it doesn't matter:
#: many small batches take longer.
MOST_PADDING = 0.15
SMALL_BATCH = 0.125


def sequence_mask(lengths: list[int], device: torch.device) -> Tensor:
    """Bool [B, T], true on tokens and false on padding. Each length is at least 1."""
    lengths_ = torch.tensor(lengths, device=device)
    return torch.arange(max(lengths), device=device) < lengths_[:, None]


def pad(X: Tensor, mask: Tensor) -> Tensor:
    """[N, D] to [B, T, D] with zeros on padding."""
    padded = X.new_zeros(*mask.shape, X.shape[1])
    padded[mask] = X
    return padded


def unpad(X: Tensor, mask: Tensor) -> Tensor:
    """[B, T, D] to [N, D], the inverse of `pad`."""
    return X[mask]


def batches_by_length(lengths: list[int], max_padded: int) -> Iterator[list[int]]:
    """Indices of sequences in batches of like length, longest first; empty ones are left out.

    A batch has at most max_padded tokens, padding included, or is one sequence. It ends, too, where
    padding would be more than `MOST_PADDING` of it, unless it is small.
    """
    batch: list[int] = []
    n_tokens = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not lengths[i]:
            break
        if batch and _is_full(
            n_tokens + lengths[i], (len(batch) + 1) * lengths[batch[0]], max_padded
        ):
            yield batch
            batch, n_tokens = [], 0
        batch.append(i)
        n_tokens += lengths[i]
    if batch:
        yield batch


def _is_full(n_tokens: int, n_padded: int, max_padded: int) -> bool:
    is_wasteful = n_tokens < (1 - MOST_PADDING) * n_padded
    return n_padded > max_padded or (is_wasteful and n_padded > max_padded * SMALL_BATCH)
