from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from spacy.strings import StringStore
from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d
from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.architectures.embeddings.vocabulary import Vocabulary
from spacy_ner_archs.architectures.embeddings.word_cache import WordCache
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
    characters' rows [C] of words, one word after another, those words' lengths [W] and
    dropout_rate, and gives [W, nO].
    """
    vocabulary = Vocabulary(_chars_of)
    return Model(
        name,
        forward,
        init=init,
        dims={"nO": width},
        attrs={
            "dropout_rate": 0.0,
            "chars": vocabulary,
            "is_sampled": vocabulary,
            "cache": WordCache(),
        },
        shims=[TorchShim(module_class, config)],
    )


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    lengths = [len(doc) for doc in docs]
    if not any(lengths):
        return empty_lists(model, model.get_dim("nO"), len(docs)), lambda dYs: []
    strings = docs[0].vocab.strings
    types = word_types(docs, "ORTH")
    if is_train:
        model.attrs["chars"].warn_of_sample(model.name)
    of_tokens = torch.as_tensor(types.inverse, device=shim_of(model).device)

    def compute(module: nn.Module) -> Tensor:
        rate = model.attrs["dropout_rate"] if is_train else 0.0
        vectors_of = partial(_vectors, model, module, strings, rate)
        if is_train:
            return F.embedding(of_tokens, vectors_of(types.keys))
        weights = shim_of(model).version, shim_of(model).dtype
        return F.embedding(of_tokens, model.attrs["cache"].vectors(types.keys, weights, vectors_of))

    Y, backprop_torch = shim_of(model).compute(compute, is_train)

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        backprop_torch(to_tensor(model, dYs))
        return []

    return to_lists(model, Y, lengths), backprop


def _vectors(
    model: Model, module: nn.Module, strings: StringStore, dropout_rate: float, words: np.ndarray
) -> Tensor:
    """Vectors [W, nO] of words, hashes [W], from their characters."""
    texts = _texts(strings, words)
    rows = model.attrs["chars"].rows(_code_points(texts))
    rows = np.where(rows < 0, CharTable.UNKNOWN, rows + CharTable.UNKNOWN + 1)
    device = shim_of(model).device
    inputs = (torch.as_tensor(values, device=device) for values in (rows, [len(t) for t in texts]))
    return module(*inputs, dropout_rate=dropout_rate)


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    model.attrs["chars"].renew(X)
    n_chars = len(model.attrs["chars"]) + CharTable.UNKNOWN + 1
    shim_of(model).build(n_chars=n_chars, nO=model.get_dim("nO"))


def _chars_of(docs: list[Doc]) -> np.ndarray:
    """Code points of the characters of the docs' distinct words."""
    if not docs:
        return np.zeros(0, dtype=np.uint32)
    return _code_points(_texts(docs[0].vocab.strings, word_types(docs, "ORTH").keys))


def _texts(strings: StringStore, words: np.ndarray) -> list[str]:
    """The words of these hashes. None is empty: spaCy refuses such a token."""
    return [strings[word] for word in words.tolist()]


def _code_points(words: list[str]) -> np.ndarray:
    """Unicode code points of all words, one word after another."""
    return np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32)
