"""Batches of arrays, one a sequence, that are flattened once."""

from itertools import accumulate
from typing import Any

from thinc.api import Model
from thinc.types import Floats2d


class Sequences(list[Floats2d]):
    """Arrays [length, D] of the sequences of a batch, all of them views of one array.

    For the layers of spaCy and Thinc it is a list of arrays. Layers of this package take the one
    array from it (`flatten`), so that nothing is copied between them. Copies and pickles are plain
    lists.

    flat: the arrays one after another [N, D]; None once another array was put into the list.
    """

    flat: Floats2d | None

    def __init__(self, flat: Floats2d, lengths: list[int]):
        ends = accumulate(lengths)
        super().__init__(flat[end - n : end] for end, n in zip(ends, lengths, strict=True))
        self.flat = flat

    def __setitem__(self, index: Any, array: Any) -> None:
        super().__setitem__(index, array)
        self.flat = None

    def __reduce__(self) -> tuple:
        return list, (list(self),)


def flatten(model: Model, arrays: list[Floats2d]) -> Floats2d:
    """Arrays [length, D] to one [N, D]: copied from a plain list, but not from `Sequences`."""
    if isinstance(arrays, Sequences) and arrays.flat is not None:
        return arrays.flat
    return model.ops.flatten(arrays)
