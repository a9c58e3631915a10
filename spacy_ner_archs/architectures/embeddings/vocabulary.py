"""Vocabularies of embeddings. Thinc initializes a layer with a handful of docs; what an embedding
knows must come from all of the training data."""

import warnings
from typing import Any

from spacy.tokens import Doc
from thinc.api import Model

from spacy_ner_archs.thinc_layers.torch_shim import shim_of


def collect_vocab(model: Model, docs: list[Doc]) -> bool:
    """Let every embedding in a model count the words or characters of the training data, for its
    next initialisation. False if the model has no such embedding."""
    nodes = _nodes(model)
    for node in nodes:
        node.attrs["collected"] = node.attrs["count_vocab"](node, docs)
    return bool(nodes)


def has_trained_vocab(model: Model) -> bool:
    """Whether an embedding in a model has weights that a new vocabulary would throw away."""
    return any(shim_of(node).is_trained for node in _nodes(model))


def take_vocab(model: Model, sample: list[Doc] | None) -> Any:
    """At the initialisation of an embedding: what was collected for it, or else the sample's."""
    collected = model.attrs["collected"]
    model.attrs["collected"] = None
    model.attrs["is_sampled"] = collected is None
    return model.attrs["count_vocab"](model, sample or []) if collected is None else collected


def warn_of_sample(model: Model) -> None:
    """In training: say once that an embedding knows no more than a sample of the data."""
    if model.attrs["is_sampled"]:
        model.attrs["is_sampled"] = False
        warnings.warn(
            f"{model.name} was initialized with a few docs and knows their vocabulary alone; give "
            "it the training data's with [initialize.before_init] @callbacks = "
            '"spacy-ner-archs.collect_vocab.v1"',
            stacklevel=2,
        )


def _nodes(model: Model) -> list[Model]:
    return [node for node in model.walk() if "count_vocab" in node.attrs]
