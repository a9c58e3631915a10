import torch
from torch import Tensor
from torch.nn import functional as F

#: oneDNN is several times slower in bfloat16 where a width is odd, and fastest at multiples of it.
WIDTHS = 32
GATES = 4


def padded_lstm(X: Tensor, input_weights: Tensor, recurrent_weights: Tensor) -> Tensor:
    """One direction of an LSTM over padded sequences, without biases: [B, T, nI] to its states
    [B, T, nO]. input_weights: [4 nO, nI]. recurrent_weights: [4 nO, nO].

    Both widths are filled up with zeros. That is exact: a unit without weights has the state 0.
    """
    nO = recurrent_weights.shape[1]
    filled = [_fill_gates(weights) for weights in (input_weights, recurrent_weights)]
    start = X.new_zeros(1, len(X), filled[1].shape[1])
    states, _, _ = torch.lstm(
        _fill(X),
        (start, start),
        filled,
        has_biases=False,
        num_layers=1,
        dropout=0.0,
        train=torch.is_grad_enabled(),
        bidirectional=False,
        batch_first=True,
    )
    return states[..., :nO]


def _fill(X: Tensor) -> Tensor:
    return F.pad(X, (0, -X.shape[-1] % WIDTHS))


def _fill_gates(weights: Tensor) -> Tensor:
    """[4 nO, n] to the same of filled widths, each gate for itself."""
    gates = weights.unflatten(0, (GATES, -1))
    return F.pad(gates, (0, -gates.shape[2] % WIDTHS, 0, -gates.shape[1] % WIDTHS)).flatten(0, 1)
