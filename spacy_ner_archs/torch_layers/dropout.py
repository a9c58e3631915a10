import torch
from torch import Tensor
from torch.nn import functional as F


def dropout(X: Tensor, rate: float) -> Tensor:
    """Zero a share `rate` of the values and scale the others by 1 / (1 - rate) (Srivastava et
    al. 2014).

    The rate is an argument everywhere in this package, never a module's state: so a prediction in
    one thread can't see the training mode of another.
    """
    return F.dropout(X, rate, training=True) if rate > 0 else X


def locked_dropout(X: Tensor, rate: float) -> Tensor:
    """The same, with one choice of features for all words of a sequence: X is [B, T, D] (Gal &
    Ghahramani 2016, "variational" dropout)."""
    return X * dropout(X.new_ones(X.shape[0], 1, X.shape[2]), rate) if rate > 0 else X


def drop_words(X: Tensor, rate: float) -> Tensor:
    """Zero a share `rate` of the words of X [N, D], all of a word's features; the others aren't
    scaled (Iyyer et al. 2015)."""
    return X * (torch.rand(len(X), 1, device=X.device) >= rate) if rate > 0 else X
