from collections.abc import Callable

from torch import Tensor

#: Words of a part.
PART = 8192


def by_parts(layer: Callable[[Tensor], Tensor], X: Tensor, *, width: int, view: int) -> Tensor:
    """What a layer gives for one sequence, [T, nI] to [T, width]. A long one is computed in parts,
    so that it takes little memory beside its vectors: that is exact for a layer that sees no more
    than `view` words on either side of each."""
    outputs = X.new_empty(len(X), width)
    for begin in range(0, len(X), PART):
        first, end = max(0, begin - view), min(begin + PART, len(X))
        outputs[begin:end] = layer(X[first : end + view])[begin - first :][: end - begin]
    return outputs
