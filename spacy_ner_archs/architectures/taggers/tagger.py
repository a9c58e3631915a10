from collections.abc import Callable

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.thinc_layers.conversion import empty_lists
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.thinc_layers.torch_shim import shim_of
from spacy_ner_archs.torch_layers.linear import Linear


def build_tagger(name: str, tok2vec: Tok2Vec, decoder: Model, nO: int | None) -> Tagger:
    """From docs to emissions, a linear layer on the vectors of any tok2vec. Under the reference
    "decoder" is the last layer, which knows how emissions become entities (`decoder_of`).

    nO: number of tags; set by the component from its labels.
    """
    emissions = TorchSequence("emissions", Linear, nO=nO, dtype="float32")
    model: Model = Model(
        name,
        forward,
        init=init,
        dims={"nO": nO},
        layers=[tok2vec, emissions, decoder],
        refs={"tok2vec": tok2vec, "decoder": decoder},
        attrs={"resize_output": resize_output},
    )
    if nO is not None:
        decoder.set_dim("nO", nO)
    return model


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    if not any(len(doc) for doc in docs):  # thinc's layers and spaCy's fail on them
        return empty_lists(model, model.get_dim("nO"), len(docs)), lambda d_emissions: []
    tok2vec, linear, decoder = model.layers
    vectors, backprop_tok2vec = tok2vec(docs, is_train)
    emissions, backprop_emissions = linear(vectors, is_train)
    emissions, backprop_decoder = decoder(emissions, is_train)

    def backprop(d_emissions: list[Floats2d]) -> list[Doc]:
        return backprop_tok2vec(backprop_emissions(backprop_decoder(d_emissions)))

    return emissions, backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    tok2vec, linear, decoder = model.layers
    tok2vec.initialize(X=X)
    linear.initialize(X=None if X is None else tok2vec.predict(X))
    decoder.initialize()


def resize_output(model: Model, nO: int) -> Model:
    """Set the number of tags; what is trained already stays as it is."""
    for node in model.layers[1:]:  # emissions, decoder
        node.set_dim("nO", nO, force=True)
        if shim_of(node).is_built:
            shim_of(node).extend(nO=nO)
    model.set_dim("nO", nO, force=True)
    return model
