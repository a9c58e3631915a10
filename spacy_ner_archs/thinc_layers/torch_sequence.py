from collections.abc import Callable
from typing import Any

from thinc.api import Model, get_width
from thinc.types import Floats2d
from torch import nn

from spacy_ner_archs.thinc_layers.conversion import empty_lists, to_lists, to_tensor
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.precision import Dtype


def TorchSequence(
    name: str,
    module_class: Callable[..., nn.Module],
    *,
    nO: int | None = None,
    dtype: Dtype | None = None,
    **config: Any,
) -> Model[list[Floats2d], list[Floats2d]]:
    """A layer from vectors to vectors of the tokens of each sequence, computed by a torch module.

    module_class: called as module_class(nI=..., nO=..., **config); its forward takes the vectors
    of all tokens [N, nI], the sequences' lengths and dropout_rate, and gives [N, nO]. The input
    width nI is found at initialisation. dtype: see `TorchShim`.
    """
    return Model(
        name,
        forward,
        init=init,
        dims={"nI": None, "nO": nO},
        attrs={"dropout_rate": 0.0},
        shims=[TorchShim(module_class, config, dtype=dtype)],
    )


def forward(
    model: Model, Xs: list[Floats2d], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Floats2d]]]:
    lengths = [len(X) for X in Xs]
    if not any(lengths):
        return empty_lists(model, model.get_dim("nO"), len(Xs)), lambda dYs: list(Xs)
    X = to_tensor(model, Xs, requires_grad=is_train)
    rate = model.attrs["dropout_rate"] if is_train else 0.0
    filled = [length for length in lengths if length]
    Y, backprop_torch = shim_of(model)((X, filled), is_train, dropout_rate=rate)

    def backprop(dYs: list[Floats2d]) -> list[Floats2d]:
        backprop_torch(to_tensor(model, dYs))
        return to_lists(model, X.grad, lengths)

    return to_lists(model, Y, lengths), backprop


def init(model: Model, X: list[Floats2d] | None = None, Y: list[Floats2d] | None = None) -> None:
    if X is not None:
        model.set_dim("nI", get_width(X), force=True)
    if model.has_dim("nI") and model.has_dim("nO"):
        shim_of(model).build(nI=model.get_dim("nI"), nO=model.get_dim("nO"))
