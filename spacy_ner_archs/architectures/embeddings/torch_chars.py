from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d
from torch import nn

from spacy_ner_archs.architectures.embeddings.vocabulary import Vocabulary
from spacy_ner_archs.architectures.embeddings.word_types import word_types
from spacy_ner_archs.architectures.slots import Tok2Vec
from spacy_ner_archs.thinc_layers.conversion import empty_lists, to_lists, to_tensor
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.char_table import CharTable


def TorchChars(
    name: str, module_class: Callable[..., nn.Module], *, width: int, **config: Any
) -> Tok2Vec:
    """A layer from words to vectors made of their characters by a torch module.

    The characters are those of the training data; all others share one row.

    module_class: called as module_class(n_chars=..., nO=width, **config); its forward takes the
    characters' rows [C] of the distinct words, those words' lengths [W], the distinct word of each
    token [N] and dropout_rate, and gives [N, nO].
    """
    vocabulary = Vocabulary(_chars_of)
    return Model(
        name,
        forward,
        init=init,
        dims={"nO": width},
        attrs={"dropout_rate": 0.0, "chars": vocabulary, "is_sampled": vocabulary},
        shims=[TorchShim(module_class, config)],
    )


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    shim = shim_of(model)
    n_tokens = [len(doc) for doc in docs]
    if not any(n_tokens):
        return empty_lists(model, model.get_dim("nO"), len(docs)), lambda dYs: []
    vocabulary: Vocabulary = model.attrs["chars"]
    if is_train:
        vocabulary.warn_of_sample(model.name)
    types = word_types(docs, "ORTH")
    words = _texts(docs, types.keys)
    rows = vocabulary.rows(_code_points(words))
    rows = np.where(rows < 0, CharTable.UNKNOWN, rows + CharTable.UNKNOWN + 1)
    lengths = [len(word) for word in words]
    rate = model.attrs["dropout_rate"] if is_train else 0.0
    inputs = (rows, lengths, types.inverse)
    Y, backprop_torch = shim(
        tuple(torch.as_tensor(array, device=shim.device) for array in inputs),
        is_train,
        dropout_rate=rate,
    )

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        backprop_torch(to_tensor(model, dYs))
        return []

    return to_lists(model, Y, n_tokens), backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    model.attrs["chars"].renew(X)
    n_chars = len(model.attrs["chars"]) + CharTable.UNKNOWN + 1
    shim_of(model).build(n_chars=n_chars, nO=model.get_dim("nO"))


def _chars_of(docs: list[Doc]) -> np.ndarray:
    """Code points of the characters of the docs' distinct words."""
    return _code_points(_texts(docs, word_types(docs, "ORTH").keys))


def _texts(docs: list[Doc], keys: np.ndarray) -> list[str]:
    """The words of these hashes. None is empty: spaCy refuses such a token."""
    return [docs[0].vocab.strings[key] for key in keys.tolist()]


def _code_points(words: list[str]) -> np.ndarray:
    """Unicode code points of all words, one word after another."""
    return np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32)
