"""Vocabularies of embeddings. Thinc initializes a layer with a handful of docs; what an embedding
knows must come from all of the training data."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import srsly
from spacy.tokens import Doc
from thinc.api import Model, deserialize_attr, serialize_attr

from spacy_ner_archs.thinc_layers.torch_shim import shim_of


class Vocabulary:
    """The values that an embedding has rows for, such as hashes of words: those of the training
    data. A layer has it among its attributes, under the names that its parts are stored by.

    values_of: gives the values of docs [N], as often as they occur.

    keys: the distinct values, ascending [V]. counts: how often each occurs [V].
    is_sampled: whether they are of the few docs that Thinc initialized the layer with.
    """

    def __init__(self, values_of: Callable[[list[Doc]], np.ndarray]):
        self.keys = np.zeros(0, dtype=np.uint64)
        self.counts = np.zeros(0, dtype=np.int64)
        self.is_sampled = False
        self._values_of = values_of
        self._collected: tuple[np.ndarray, np.ndarray] | None = None

    def _count(self, docs: list[Doc]) -> tuple[np.ndarray, np.ndarray]:
        return np.unique(self._values_of(docs), return_counts=True)

    def __len__(self) -> int:
        return len(self.keys)

    def collect(self, docs: list[Doc]) -> None:
        """Count the values of the training data, for the layer's next initialisation."""
        self._collected = self._count(docs)

    def renew(self, sample: list[Doc] | None) -> None:
        """At the layer's initialisation: take what was collected, or else the sample's values."""
        self.is_sampled = self._collected is None
        self.keys, self.counts = self._collected or self._count(sample or [])
        self._collected = None

    def keep(self, kept: np.ndarray) -> None:
        """Keep some of the values; kept is bool [V]."""
        self.keys, self.counts = self.keys[kept], self.counts[kept]

    def rows(self, values: np.ndarray) -> np.ndarray:
        """Where each of the values stands among the keys; -1 where it doesn't."""
        if not len(self.keys):
            return np.full(len(values), -1)
        found = np.searchsorted(self.keys, values).clip(max=len(self.keys) - 1)
        return np.where(self.keys[found] == values, found, -1)

    def warn_of_sample(self, layer: str) -> None:
        """In training: say that an embedding knows no more than a sample of the data."""
        if self.is_sampled:
            warnings.warn(
                f"{layer} was initialized with a few docs and knows their vocabulary alone; give "
                "it the training data's with [initialize.before_init] @callbacks = "
                '"spacy-ner-archs.collect_vocab.v1"',
                stacklevel=2,
            )


#: Names of a layer's attributes, and the part of its vocabulary that each is stored as.
STORED_PARTS = {"keys": "keys", "chars": "keys", "counts": "counts", "is_sampled": "is_sampled"}


@serialize_attr.register(Vocabulary)
def _serialize(_: Any, vocabulary: Vocabulary, name: str, model: Model) -> bytes:
    return srsly.msgpack_dumps(getattr(vocabulary, STORED_PARTS[name]))


@deserialize_attr.register(Vocabulary)
def _deserialize(vocabulary: Vocabulary, value: bytes, name: str, model: Model) -> Vocabulary:
    part = srsly.msgpack_loads(value)
    if part is not None:  # older versions stored that before the initialisation
        setattr(vocabulary, STORED_PARTS[name], part)
    return vocabulary


def collect_vocab(model: Model, docs: list[Doc]) -> bool:
    """Let every embedding in a model count the words or characters of the training data, for its
    next initialisation. False if the model has no such embedding."""
    vocabularies = _vocabularies(model)
    for vocabulary in vocabularies:
        vocabulary.collect(docs)
    return bool(vocabularies)


def has_trained_vocab(model: Model) -> bool:
    """Whether an embedding in a model has weights that a new vocabulary would throw away."""
    return any(shim_of(node).is_trained for node in _vocabularies(model).values())


def _vocabularies(model: Model) -> dict[Vocabulary, Model]:
    """The vocabularies in a model, and the layer of each."""
    return {
        value: node
        for node in model.walk()
        for value in node.attrs.values()
        if isinstance(value, Vocabulary)
    }
