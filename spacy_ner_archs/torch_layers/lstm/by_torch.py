"""One direction of an LSTM over padded sequences, by `torch.lstm`.

Shapes: B sequences of T steps, padding included, H the width of a state.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

#: oneDNN is several times slower in bfloat16 where a width is odd, and fastest at multiples of it.
WIDTHS = 32
GATES = 4


class Weights(NamedTuple):
    """Of one direction, for the input, forget, cell and output gate. inputs: [4 H, nI]. recurrent:
    [4 H, H]. There are no biases."""

    inputs: Tensor
    recurrent: Tensor


class State(NamedTuple):
    """After a step: hidden and cell state of the sequences [B, H]."""

    hidden: Tensor
    cell: Tensor


def start_of(weights: Weights, n_sequences: int) -> State:
    """The state before the first step."""
    zeros = weights.recurrent.new_zeros(n_sequences, weights.recurrent.shape[1])
    return State(zeros, zeros)


def lstm_by_torch(
    X: Tensor, state: State, weights: Weights, *, batch_first: bool
) -> tuple[Tensor, State]:
    """Hidden states of all steps after a state, and the last state, all of one dtype.

    X: [B, T, nI] and so the states [B, T, H] if batch_first, else [T, B, nI].
    """
    width = weights.recurrent.shape[1]
    tensors = (X, *state, *weights)
    if X.dtype == torch.bfloat16:
        tensors = _filled(*tensors)
    inputs, hidden, cell, *gates = tensors
    with torch.autocast(X.device.type, enabled=False):  # which makes it float16 on a GPU
        states, hidden, cell = torch.lstm(
            inputs,
            (hidden[None].contiguous(), cell[None].contiguous()),
            gates,
            has_biases=False,
            num_layers=1,
            dropout=0.0,
            train=torch.is_grad_enabled(),
            bidirectional=False,
            batch_first=batch_first,
        )
    return states[..., :width], State(hidden[0, :, :width], cell[0, :, :width])


def _filled(
    X: Tensor, hidden: Tensor, cell: Tensor, inputs: Tensor, recurrent: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """The same with all widths filled up with zeros. That is exact: a unit without weights has the
    state 0."""
    states = (_fill(values) for values in (X, hidden, cell))
    return *states, _fill_gates(inputs), _fill_gates(recurrent)  # type: ignore[return-value]


def _fill(values: Tensor) -> Tensor:
    return F.pad(values, (0, -values.shape[-1] % WIDTHS))


def _fill_gates(weights: Tensor) -> Tensor:
    """[4 H, n] to the same of filled widths, each gate for itself."""
    gates = weights.unflatten(0, (GATES, -1))
    return F.pad(_fill(gates), (0, 0, 0, -gates.shape[1] % WIDTHS)).flatten(0, 1)
