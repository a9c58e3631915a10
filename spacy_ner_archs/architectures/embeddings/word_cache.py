from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
import torch
from thinc.api import Model, serialize_attr
from torch import Tensor


class WordCache:
    """Vectors that a layer computed of words, for as long as its weights stay the same. A full one
    starts anew. Threads can share it. A copy is empty, and nothing is stored."""

    #: With 100 values each they take 26 MB.
    MOST_WORDS = 2**16

    def __init__(self) -> None:
        self._table = _Table(None)

    def vectors(
        self, words: np.ndarray, weights: Any, compute: Callable[[np.ndarray], Tensor]
    ) -> Tensor:
        """The vectors [W, D] of words.

        words: hashes of distinct words [W]. weights: tells the weights that the layer has now from
        all others. compute: from hashes [M] of words that aren't there to their vectors [M, D].
        """
        table = self._table
        if table.weights != weights or table.is_full:
            table = self._table = _Table(weights)
        rows = table.find(words)
        new = rows < 0
        if not new.any():
            return table.vectors[torch.from_numpy(rows)]
        computed = compute(words[new])
        if new.all():
            table.add(words, computed)
            return computed
        vectors = table.vectors[torch.from_numpy(rows.clip(min=0))]
        vectors[torch.from_numpy(new)] = computed
        table.add(words[new], computed)
        return vectors

    def clear(self) -> None:
        """Forget all words."""
        self._table = _Table(None)

    def __reduce__(self) -> tuple:
        return WordCache, ()


class _Table:
    """Vectors [MOST_WORDS, D] that were computed with the same weights."""

    def __init__(self, weights: Any):
        self.weights = weights
        self.vectors = torch.zeros(0)
        self.is_full = False
        self._rows: dict[int, int] = {}
        self._n_rows = 0
        self._lock = Lock()

    @property
    def is_empty(self) -> bool:
        return not self._n_rows

    def find(self, words: np.ndarray) -> np.ndarray:
        """The rows of words [W]; -1 where they aren't there."""
        return np.array([self._rows.get(word, -1) for word in words.tolist()])

    def add(self, words: np.ndarray, vectors: Tensor) -> None:
        """Other threads may be reading, or adding the same words."""
        with self._lock:
            if self.is_empty:
                self.vectors = vectors.new_empty(WordCache.MOST_WORDS, vectors.shape[1])
            first, end = self._n_rows, self._n_rows + len(words)
            self.is_full |= end > WordCache.MOST_WORDS
            if not self.is_full:
                self.vectors[first:end] = vectors
                self._rows.update(zip(words.tolist(), range(first, end), strict=True))
                self._n_rows = end


@serialize_attr.register(WordCache)
def _serialize(_: Any, cache: WordCache, name: str, model: Model) -> bytes:
    raise TypeError("not stored")  # Thinc leaves the attribute out
