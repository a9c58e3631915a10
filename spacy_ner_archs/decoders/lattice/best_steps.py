"""The best step into each tag, from the best paths' scores: one step of the Viterbi algorithm, in
arrays.

The table of all steps of all sequences is made and reduced in parts that fit a processor's cache,
with the previous tag as the first dimension: so the maximum runs over whole vectors.
"""

from functools import partial
from typing import Any

import numpy as np
import torch
from thinc.api import get_array_module

#: Values of a part of the table.
CACHED = 2**18

#: Values of a table that NumPy adds and reduces as fast as torch, whose calls cost more.
MOST_IN_NUMPY = 2**16

#: From this number of tags on, steps that BILUO forbids are left out of the table. That takes more
#: calls, which only pays for large tables.
MANY_TAGS = 128


class AllSteps:
    """From any tag to any other. transitions: [K, K], from row to column."""

    def __init__(self, transitions: Any, n_sequences: int):
        n_before, n_after = transitions.shape
        xp = get_array_module(transitions)
        n_columns = min(n_after, max(1, CACHED // (n_before * n_sequences)))
        totals = xp.empty((n_before, n_columns, n_sequences), transitions.dtype)
        is_small = totals.size <= MOST_IN_NUMPY
        self._best = partial(_best_in_arrays, xp) if xp is not np or is_small else _best_in_torch
        self._parts = []
        for start in range(0, n_after, n_columns):
            columns = slice(start, min(start + n_columns, n_after))
            part = transitions[:, columns, None]
            self._parts.append((columns, part, totals[:, : part.shape[1]]))

    def best(self, scores: Any, out: Any) -> None:
        """Scores of the best steps, out [K, B], from the scores of the best paths [K, B]."""
        for columns, transitions, totals in self._parts:
            self._best(scores[:, None], transitions, totals, out[columns])


def _best_in_arrays(xp: Any, scores: Any, transitions: Any, totals: Any, out: Any) -> None:
    xp.add(scores, transitions, out=totals)
    totals.max(axis=0, out=out)


def _best_in_torch(*arrays: Any) -> None:
    scores, transitions, totals, out = map(torch.from_numpy, arrays)
    torch.amax(torch.add(scores, transitions, out=totals), 0, out=out)


class ValidSteps:
    """The steps that BILUO allows. Tags are in the order B, O, U, L, I, each of all labels.

    After O, U or L come B, O or U, with any label: a table. After B or I comes L or I with the same
    label: no table.
    """

    def __init__(self, transitions: Any, n_sequences: int):
        n_tags = len(transitions)
        n = (n_tags - 1) // 4
        self._xp = get_array_module(transitions)
        self._begin, self._inside = slice(n), slice(3 * n + 1, n_tags)
        self._opens, self._closed = slice(2 * n + 1), slice(n, 3 * n + 1)
        self._continues = slice(2 * n + 1, n_tags)
        self._outer = AllSteps(transitions[self._closed, self._opens], n_sequences)
        inner = transitions[:, self._continues].reshape(n_tags, 2, n)
        self._after_begin = inner[self._begin].diagonal(0, 0, 2)[..., None]
        self._after_inside = inner[self._inside].diagonal(0, 0, 2)[..., None]

    def best(self, scores: Any, out: Any) -> None:
        """Scores of the best steps, out [K, B], from the scores of the best paths [K, B]."""
        self._outer.best(scores[self._closed], out[self._opens])
        after_begin = scores[self._begin] + self._after_begin
        after_inside = scores[self._inside] + self._after_inside
        best = self._xp.maximum(after_begin, after_inside)
        out[self._continues] = best.reshape(-1, best.shape[-1])
