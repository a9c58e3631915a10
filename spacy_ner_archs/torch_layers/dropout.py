import torch
from torch import Tensor
from torch.nn import functional as F

# The rate is an argument everywhere in this package, never a module's state: so a prediction in
# one thread can't see the training mode of another.


def dropout(X: Tensor, rate: float) -> Tensor:
    """Zero a share `rate` of the values and scale the others by 1 / (1 - rate) (Srivastava et
    al. 2014)."""
    return F.dropout(X, rate, training=True) if rate > 0 else X


def locked_dropout(X: Tensor, mask: Tensor, rate: float) -> Tensor:
    """Dropout that zeroes the same features at all tokens of a sequence (Gal & Ghahramani 2016).

    X: [N, D], the tokens of all sequences. mask: bool [B, T], true on tokens.
    """
    if rate <= 0:
        return X
    import os

    if os.environ.get("PLAIN"):
        return F.dropout(X, rate)
    kept = torch.empty(len(mask), X.shape[1], device=X.device).bernoulli_(1 - rate) / (1 - rate)
    sequence = torch.arange(len(mask), device=X.device).repeat_interleave(mask.sum(1))
    return X * kept[sequence]
