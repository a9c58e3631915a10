"""The best step into each tag, from the best paths' scores: one step of the Viterbi algorithm.

The table of all steps of all sequences is made and reduced in parts that fit a processor's cache,
with the previous tag as the first dimension: so the maximum runs over whole vectors.
"""

import torch
from torch import Tensor

#: Values of a part of the table.
CACHED = 2**18

#: From this number of tags on, steps that BILUO forbids are left out of the table. That takes more
#: calls, which only pays for large tables.
MANY_TAGS = 128


class AllSteps:
    """From any tag to any other. transitions: [K, K], from row to column."""

    def __init__(self, transitions: Tensor, n_sequences: int):
        n_before, n_after = transitions.shape
        n_columns = max(1, CACHED // (n_before * n_sequences))
        size = n_before, min(n_columns, n_after), n_sequences
        totals = transitions.new_empty(size)
        self._parts = []
        for columns in transitions.contiguous().split(n_columns, 1):
            self._parts.append((columns[..., None], totals[:, : columns.shape[1]]))
        self._n_columns = n_columns

    def best(self, scores: Tensor, out: Tensor) -> None:
        """Scores of the best steps, out [K, B], from the scores of the best paths [K, B]."""
        before = scores[:, None]
        for (transitions, totals), best in zip(
            self._parts, out.split(self._n_columns), strict=True
        ):
            torch.amax(torch.add(before, transitions, out=totals), 0, out=best)


class ValidSteps:
    """The steps that BILUO allows. Tags are in the order B, O, U, L, I, each of all labels.

    After O, U or L come B, O or U, with any label: a table. After B or I comes L or I with the same
    label: no table.
    """

    def __init__(self, transitions: Tensor, n_sequences: int):
        n_tags = len(transitions)
        n = (n_tags - 1) // 4
        self._begin, self._inside = slice(n), slice(3 * n + 1, n_tags)
        self._opens, self._closed = slice(2 * n + 1), slice(n, 3 * n + 1)
        self._continues = slice(2 * n + 1, n_tags)
        self._outer = AllSteps(transitions[self._closed, self._opens], n_sequences)
        inner = transitions[:, self._continues].unflatten(1, (2, n))
        self._after_begin = inner[self._begin].diagonal(dim1=0, dim2=2)[..., None]
        self._after_inside = inner[self._inside].diagonal(dim1=0, dim2=2)[..., None]

    def best(self, scores: Tensor, out: Tensor) -> None:
        """Scores of the best steps, out [K, B], from the scores of the best paths [K, B]."""
        self._outer.best(scores[self._closed], out[self._opens])
        after_begin = scores[self._begin] + self._after_begin
        after_inside = scores[self._inside] + self._after_inside
        torch.maximum(
            after_begin.flatten(0, 1), after_inside.flatten(0, 1), out=out[self._continues]
        )
