from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import torch
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.vectors import Mode
from spacy.vocab import Vocab
from thinc.api import Model, get_array_module
from thinc.types import Floats2d

from spacy_ner_archs.architectures.conversion import empty_lists, to_lists, to_tensor
from spacy_ner_archs.architectures.torch_shim import TorchShim, shim_of
from spacy_ner_archs.architectures.word_types import count_word_types, positions, word_types
from spacy_ner_archs.torch_layers.word_table import WordTable

#: Standard deviation that pretrained vectors are scaled to; GloVe's own is about that.
VECTOR_SPREAD = 0.3


def WordEmbed(
    width: int,
    attr: str = "ORTH",
    min_freq: int = 1,
    unknown_rate: float = 0.5,
    vectors: Literal["trained", "frozen", "unused"] = "trained",
) -> Model[list[Doc], list[Floats2d]]:
    """Look words up in a table. Its words are those of the training data; every other word has a
    vector from `nlp.vocab.vectors`, where those hold it, or else the unknown word's.

    width (int): Width of the vectors. Where `nlp.vocab.vectors` are used, their width holds.
    attr (str): The lexical attribute that is looked up: ORTH, LOWER, NORM, SHAPE, PREFIX, SUFFIX.
    min_freq (int): How often the training data must hold a word for a row of its own.
    unknown_rate (float): How often, in training, a word that the training data holds once is
        replaced by the unknown word, so that this is learned. One that it holds n times is
        replaced at the rate a / (a + n), with a = unknown_rate / (1 - unknown_rate) (Kiperwasser
        & Goldberg 2016).
    vectors (str): What becomes of `nlp.vocab.vectors`: "trained" starts the table from them,
        "frozen" takes them as they are and trains only words that they don't hold, "unused"
        leaves them aside. A word is looked up in them as it stands, then lower-cased. They are
        scaled to one spread, whatever their own: large ones drown the embeddings beside them,
        small ones are forgotten in training.
    """
    if not 0 <= unknown_rate < 1:
        raise ValueError(f"WordEmbed: unknown_rate must be from 0 to below 1, not {unknown_rate}")
    return Model(
        "word_embed",
        forward,
        init=init,
        dims={"nO": None},
        attrs={
            "width": width,
            "attr": attr,
            "min_freq": min_freq,
            "unknown_rate": unknown_rate,
            "vectors": vectors,
            "keys": None,
            "counts": None,
            "vector_scale": 1.0,
            "collect_vocab": collect_vocab,
        },
        shims=[TorchShim(WordTable, {})],
    )


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    shim = shim_of(model)
    lengths = [len(doc) for doc in docs]
    if not any(lengths):
        return empty_lists(model, model.get_dim("nO"), len(docs)), lambda dYs: []
    words = word_types(docs, model.attrs["attr"])
    rows = positions(model.attrs["keys"], words.keys)
    unknown = rows < 0
    if is_train:
        unknown |= _forgotten(model, rows)
    fixed, vectors = _fixed_vectors(model, docs[0].vocab, words.keys, unknown)
    rows = np.where(unknown, WordTable.UNKNOWN, rows + 1)
    inputs = (rows, fixed, vectors, words.inverse)
    Y, backprop_torch = shim(
        tuple(torch.as_tensor(array, device=shim.device) for array in inputs), is_train
    )

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        backprop_torch(to_tensor(model, dYs))
        return []

    return to_lists(model, Y, lengths), backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    if model.attrs["keys"] is None:
        collect_vocab(model, X or [])
    keys = model.attrs["keys"]
    if not X or not _uses_vectors(model, X[0].vocab):
        model.set_dim("nO", model.attrs["width"], force=True)
        shim_of(model).build(n_words=len(keys) + 1, width=model.attrs["width"])
        return
    vectors = X[0].vocab.vectors
    model.set_dim("nO", vectors.shape[1], force=True)
    shim_of(model).build(n_words=len(keys) + 1, width=vectors.shape[1])
    table = shim_of(model).module
    model.attrs["vector_scale"] = VECTOR_SPREAD / (float(vectors.data.std()) or 1.0)
    rows = _vector_rows(X[0].vocab, keys)
    known = rows >= 0
    start = _scaled_vectors(model, X[0].vocab, rows[known])
    table.set_rows(torch.from_numpy(known.nonzero()[0] + 1), torch.from_numpy(start))


def collect_vocab(model: Model, docs: list[Doc]) -> None:
    """Take the table's words from the training docs."""
    keys, counts = count_word_types(docs, model.attrs["attr"])
    if model.attrs["vectors"] == "frozen" and docs and _uses_vectors(model, docs[0].vocab):
        counts = np.where(_vector_rows(docs[0].vocab, keys) >= 0, 0, counts)
    kept = counts >= max(model.attrs["min_freq"], 1)
    model.attrs["keys"] = keys[kept]
    model.attrs["counts"] = counts[kept]


def _forgotten(model: Model, rows: np.ndarray) -> np.ndarray:
    """Which words to treat as unknown in this training step."""
    rate = model.attrs["unknown_rate"]
    counts = np.append(model.attrs["counts"], np.inf)[rows]  # row -1 is unknown already
    return torch.rand(len(rows)).numpy() < rate / (rate + (1 - rate) * counts)


def _fixed_vectors(
    model: Model, vocab: Vocab, keys: np.ndarray, unknown: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the words that aren't in the table, those that `vocab.vectors` hold, and their vectors."""
    if not unknown.any() or not _uses_vectors(model, vocab):
        return np.zeros(0, dtype=np.int64), np.zeros((0, model.get_dim("nO")), dtype=np.float32)
    candidates = unknown.nonzero()[0]
    rows = _vector_rows(vocab, keys[candidates])
    return candidates[rows >= 0], _scaled_vectors(model, vocab, rows[rows >= 0])


def _uses_vectors(model: Model, vocab: Vocab) -> bool:
    if model.attrs["vectors"] == "unused" or not vocab.vectors.shape[1]:
        return False
    if vocab.vectors.mode != Mode.default:
        raise ValueError(
            "WordEmbed looks words up in a table of vectors, and floret vectors have none: "
            'set vectors = "unused", or use spacy.MultiHashEmbed.v2 with include_static_vectors'
        )
    return len(vocab.vectors) > 0


def _vector_rows(vocab: Vocab, keys: np.ndarray) -> np.ndarray:
    """Rows of `vocab.vectors` for words as they stand, else lower-cased; -1 where there is none."""
    rows = _to_numpy(vocab.vectors.find(keys=keys.tolist())).copy()
    missing = (rows < 0).nonzero()[0]
    lower = [get_string_id(vocab.strings[key].lower()) for key in keys[missing].tolist()]
    rows[missing] = _to_numpy(vocab.vectors.find(keys=lower))
    return rows


def _scaled_vectors(model: Model, vocab: Vocab, rows: np.ndarray) -> np.ndarray:
    data = vocab.vectors.data
    vectors = _to_numpy(data[get_array_module(data).asarray(rows)])
    return vectors * np.float32(model.attrs["vector_scale"])


def _to_numpy(array: Any) -> np.ndarray:
    """spaCy keeps vectors on the GPU while it trains there."""
    return array if isinstance(array, np.ndarray) else array.get()
