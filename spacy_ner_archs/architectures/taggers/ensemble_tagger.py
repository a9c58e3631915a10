from collections.abc import Callable
from typing import Any

import torch
from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.slots import Tagger
from spacy_ner_archs.thinc_layers.sequences import Sequences, flatten
from spacy_ner_archs.thinc_layers.torch_shim import shim_of


def EnsembleTagger(*taggers: Tagger, nO: int | None = None) -> Tagger:
    """Several taggers as one, whose emissions and transitions are the means of theirs: the
    probability of a sentence's tags is then the geometric mean of theirs, but for normalisation
    (Hinton 2002, "product of experts"). `python -m spacy ner ensemble` makes it of trained
    pipelines.

    taggers (Model[List[Doc], List[Floats2d]]): Two or more taggers, all with a softmax or all with
        a CRF, in the config as sections below `*`: [components.ner.model.*.first].
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    decoders = [tagger.get_ref("decoder") for tagger in taggers]
    if len(taggers) < 2:
        raise ValueError("EnsembleTagger needs two taggers or more, in sections below its *")
    if len({decoder.name for decoder in decoders}) > 1:
        raise ValueError("EnsembleTagger can't mix taggers that have a CRF with those that don't")
    decoder = decoders[0].copy()
    return Model(
        "ensemble_tagger",
        forward,
        init=init,
        dims={"nO": nO},
        layers=[*taggers, decoder],
        refs={"decoder": decoder},
        attrs={"resize_output": resize_output},
    )


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    *taggers, _ = model.layers
    outputs, callbacks = zip(*(tagger(docs, is_train) for tagger in taggers), strict=True)
    lengths = [len(doc) for doc in docs]
    emissions: Any = sum(flatten(model, output) for output in outputs) / len(taggers)

    def backprop(d_emissions: list[Floats2d]) -> list[Doc]:
        d_tagger = Sequences(flatten(model, d_emissions) / len(taggers), lengths)
        for callback in callbacks:
            callback(d_tagger)
        return docs

    return Sequences(emissions, lengths), backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    for layer in model.layers[:-1]:
        layer.initialize(X=X)
    model.get_ref("decoder").initialize()


def resize_output(model: Model, nO: int) -> Model:
    """Set the number of tags; what is trained already stays as it is."""
    *taggers, decoder = model.layers
    for tagger in taggers:
        tagger.attrs["resize_output"](tagger, nO)
    decoder.set_dim("nO", nO, force=True)
    if shim_of(decoder).is_built:
        shim_of(decoder).extend(nO=nO)
    model.set_dim("nO", nO, force=True)
    return model


def average_decoders(model: Model) -> None:
    """Give the decoder the means of the taggers' weights."""
    states = [
        shim_of(tagger.get_ref("decoder")).module.state_dict() for tagger in model.layers[:-1]
    ]
    decoder = model.get_ref("decoder")
    decoder.initialize()
    mean = {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(weights.dtype)
        for name, weights in states[0].items()
    }
    shim_of(decoder).module.load_state_dict(mean)
