"""A module's weights in bfloat16 for prediction, so that `torch.autocast` has none left to cast."""

import copy
from collections.abc import Iterator
from threading import Lock
from typing import Any

import torch
from torch import nn

from spacy_ner_archs.torch_layers.precision import has_bfloat16_lstm

#: Layers whose weights autocast would cast at each call.
AUTOCAST_LAYERS = (nn.Linear, nn.Conv1d)


class CastCopy:
    """The copy of one module, made when it is asked for. Copies and pickles of this are empty."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._copy: tuple[int, nn.Module] | None = None

    def of(self, module: nn.Module, version: int) -> nn.Module:
        """The module with its large weights in bfloat16. Threads may ask at once.

        version: counts the changes of the module's weights.
        """
        with self._lock:
            if self._copy is None or self._copy[0] != version:
                self._copy = version, cast_copy(module)
            return self._copy[1]

    def __reduce__(self) -> tuple[Any, ...]:
        return CastCopy, ()


def cast_copy(module: nn.Module) -> nn.Module:
    """A module for prediction that shares all tensors with another, but those that are bfloat16."""
    known = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    for weights in _large_weights(module):
        cast = weights.detach().to(torch.bfloat16)
        known[id(weights)] = nn.Parameter(cast, requires_grad=False)
    return copy.deepcopy(module, known)  # which takes from `known` what is there


def _large_weights(module: nn.Module) -> Iterator[nn.Parameter]:
    for layer in module.modules():
        if isinstance(layer, AUTOCAST_LAYERS):
            yield from layer.parameters(recurse=False)
        elif isinstance(layer, nn.LSTM):
            yield from (p for p in layer.parameters() if has_bfloat16_lstm(p.device))
