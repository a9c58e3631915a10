from typing import NamedTuple

import torch
from torch import Tensor


class DistinctVectors(NamedTuple):
    """The vectors of tokens, each once [W, D], and which of them each token has [N]."""

    vectors: Tensor
    of_tokens: Tensor


def distinct_vectors(X: Tensor) -> DistinctVectors:
    """Find tokens that have the same vector, such as a word's: X is [N, D].

    Vectors are told apart by a weighted sum of their values. Should two that differ have the same
    sum, all tokens are given as different.
    """
    weights = torch.linspace(1, 2, X.shape[1], dtype=torch.float64)
    sums, of_tokens = torch.unique(X.double() @ weights, return_inverse=True)
    token = torch.empty(len(sums), dtype=torch.int64)
    token[of_tokens] = torch.arange(len(X))
    vectors = X[token]
    if torch.equal(vectors[of_tokens], X):
        return DistinctVectors(vectors, of_tokens)
    return all_vectors(X)


def all_vectors(X: Tensor) -> DistinctVectors:
    """The same without a search, for tokens that all have different ones."""
    return DistinctVectors(X, torch.arange(len(X)))
