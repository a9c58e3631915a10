"""Between Thinc's lists of arrays, one a sequence, and torch's tensors over all tokens."""

from typing import Any, cast

from thinc.api import Model, torch2xp, xp2torch
from thinc.types import Floats2d
from torch import Tensor

from spacy_ner_archs.thinc_layers.sequences import Sequences, flatten
from spacy_ner_archs.thinc_layers.torch_shim import shim_of


def to_tensor(model: Model, sequences: list[Floats2d], *, requires_grad: bool = False) -> Tensor:
    """Arrays [length, D] of the sequences to one tensor [N, D], where the model's module is."""
    flat = cast(Any, flatten(model, sequences))
    return xp2torch(flat, requires_grad=requires_grad, device=shim_of(model).device)


def to_lists(model: Model, tensor: Tensor | None, lengths: list[int]) -> Sequences:
    """A tensor [N, D] to arrays [length, D] of the sequences."""
    return Sequences(cast(Any, torch2xp(cast(Tensor, tensor))), lengths)


def empty_lists(model: Model, width: int, n_sequences: int) -> list[Floats2d]:
    """What a layer gives for sequences that are all empty."""
    return [model.ops.alloc2f(0, width) for _ in range(n_sequences)]
