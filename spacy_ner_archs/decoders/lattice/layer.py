from collections.abc import Callable
from functools import partial

from thinc.api import Model
from thinc.types import Floats2d
from torch import nn

from spacy_ner_archs.decoders.lattice.decoder import LatticeDecoder
from spacy_ner_archs.decoders.lattice.entity_ratio import EntityRatio
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of


def LatticeLayer(
    name: str, module_class: Callable[..., nn.Module], entity_ratio: EntityRatio | None = None
) -> Model[list[Floats2d], list[Floats2d]]:
    """The last layer of a tagger: emissions pass it as they are. It holds the weights of the
    transitions, which the `LatticeDecoder` reads.

    module_class: called as module_class(nO=number of tags). See `crf.CRF` and `softmax.Softmax`.
    entity_ratio: see `LatticeDecoder`.
    """
    return Model(
        name,
        forward,
        init=init,
        dims={"nO": None},
        attrs={"decoder": partial(LatticeDecoder, entity_ratio=entity_ratio)},
        shims=[TorchShim(module_class, {}, dtype="float32")],
    )


def forward(
    model: Model, emissions: list[Floats2d], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Floats2d]]]:
    return emissions, lambda d_emissions: d_emissions


def init(model: Model, X: None = None, Y: None = None) -> None:
    if model.has_dim("nO"):
        shim_of(model).build(nO=model.get_dim("nO"))
