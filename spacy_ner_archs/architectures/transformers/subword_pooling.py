from collections.abc import Callable
from typing import Literal, cast

from thinc.api import Model, reduce_first, reduce_last, reduce_max, reduce_mean
from thinc.types import Floats2d, Ragged

REDUCTIONS = {
    "first": reduce_first,
    "last": reduce_last,
    "mean": reduce_mean,
    "max": reduce_max,
}


def SubwordPooling(reduce: Literal["first", "last", "mean", "max"]) -> Model[Ragged, Floats2d]:
    """Make one vector of a word from those of its sub-words. A word without one, such as white
    space, gets zeros, where Thinc's reductions fail.

    reduce (str): "first" (Devlin et al. 2019), "last", "mean" or "max".
    """
    if reduce not in REDUCTIONS:
        raise ValueError(f"reduce must be one of {', '.join(REDUCTIONS)}, not {reduce}")
    return Model("subword_pooling", forward, layers=[REDUCTIONS[reduce]()])


def forward(
    model: Model, X: Ragged, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Ragged]]:
    filled = X.lengths > 0
    vectors, backprop_reduction = model.layers[0](Ragged(X.dataXd, X.lengths[filled]), is_train)
    Y = model.ops.alloc2f(len(X.lengths), cast(Floats2d, X.dataXd).shape[1])
    Y[filled] = vectors

    def backprop(dY: Floats2d) -> Ragged:
        return Ragged(backprop_reduction(dY[filled]).dataXd, X.lengths)

    return Y, backprop
