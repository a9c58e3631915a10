from collections.abc import Callable

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from ..torch_layers.linear import Linear
from .torch_sequence import TorchSequence


def Tagger(
    name: str, tok2vec: Model[list[Doc], list[Floats2d]], decoder: Model, nO: int | None
) -> Model[list[Doc], list[Floats2d]]:
    """From docs to emissions, a linear layer on the vectors of any tok2vec. The decoder, which
    gives losses and tags from emissions, is kept beside them under the reference "decoder".

    nO: number of tags; set by the component from its labels.
    """
    emissions = TorchSequence("emissions", Linear, nO=nO)
    model = Model(
        name,
        forward,
        init=init,
        dims={"nO": nO},
        layers=[tok2vec, emissions, decoder],
        refs={"tok2vec": tok2vec, "emissions": emissions, "decoder": decoder},
        attrs={"resize_output": resize_output},
    )
    if nO is not None:
        decoder.set_dim("nO", nO)
    return model


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    vectors, backprop_tok2vec = model.get_ref("tok2vec")(docs, is_train)
    emissions, backprop_emissions = model.get_ref("emissions")(vectors, is_train)

    def backprop(d_emissions: list[Floats2d]) -> list[Doc]:
        return backprop_tok2vec(backprop_emissions(d_emissions))

    return emissions, backprop


def init(
    model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None
) -> None:
    tok2vec = model.get_ref("tok2vec")
    tok2vec.initialize(X=X)
    model.get_ref("emissions").initialize(X=None if X is None else tok2vec.predict(X))
    model.get_ref("decoder").initialize()


def resize_output(model: Model, nO: int) -> Model:
    """Set the number of tags; what is trained already stays as it is."""
    for node in (model.get_ref("emissions"), model.get_ref("decoder")):
        node.set_dim("nO", nO, force=True)
        if node.shims[0].is_built:
            node.shims[0].extend(nO=nO)
    model.set_dim("nO", nO, force=True)
    return model
