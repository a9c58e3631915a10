from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
import torch
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.embeddings.pretrained_vectors import (
    has_vectors,
    vector_rows,
    vectors_at,
)
from spacy_ner_archs.architectures.embeddings.vocabulary import Vocabulary
from spacy_ner_archs.architectures.embeddings.word_types import word_types
from spacy_ner_archs.architectures.slots import Tok2Vec
from spacy_ner_archs.thinc_layers.conversion import empty_lists, to_lists, to_tensor
from spacy_ner_archs.thinc_layers.doc_batch import attribute
from spacy_ner_archs.thinc_layers.settings import FixedSetting, FreeSetting
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.word_table import WordTable

#: Standard deviation that pretrained vectors are scaled to; GloVe's own is about that.
VECTOR_SPREAD = 0.3

#: Attributes that may be looked up; those of the first line may have a vector.
WORD_ATTRS = ("ORTH", "LOWER", "NORM")
ATTRS = (*WORD_ATTRS, "SHAPE", "PREFIX", "SUFFIX")
VECTORS = ("trained", "frozen", "unused")


def WordEmbed(
    width: int,
    attr: str = "ORTH",
    min_freq: int = 1,
    unknown_rate: float = 0.5,
    word_dropout: float = 0.0,
    vectors: Literal["trained", "frozen", "unused"] = "trained",
) -> Tok2Vec:
    """Look words up in a table. Its words are those of the training data; every other word has a
    vector from `nlp.vocab.vectors`, where those hold it, or else the unknown word's.

    width (int): Width of the vectors. Where `nlp.vocab.vectors` are used, their width holds.
    attr (str): The lexical attribute that is looked up: ORTH, LOWER, NORM, SHAPE, PREFIX, SUFFIX.
        The last three have no vectors.
    min_freq (int): How often the training data must hold a word for a row of its own.
    unknown_rate (float): How often, in training, a word that the training data holds once is taken
        for one that it doesn't hold, so that such words are learned: it gets its vector from
        `nlp.vocab.vectors`, or the unknown word's. One that it holds n times is taken so at the
        rate a / (a + n), with a = unknown_rate / (1 - unknown_rate) (Kiperwasser & Goldberg 2016).
    word_dropout (float): How often, in training, a word gets zeros in place of a vector, so that
        its context, and the embeddings beside this one, must tell what it is.
    vectors (str): What becomes of `nlp.vocab.vectors`: "trained" starts the table from them,
        "frozen" takes them as they are and trains only words that they don't hold, "unused"
        leaves them aside. A word is looked up in them as it stands, then lower-cased. They are
        scaled to one spread, whatever their own: large ones drown the embeddings beside them,
        small ones are forgotten in training.
    """
    if attr not in ATTRS:
        raise ValueError(f"WordEmbed: attr must be one of {', '.join(ATTRS)}, not {attr}")
    if vectors not in VECTORS:
        raise ValueError(f"WordEmbed: vectors must be one of {', '.join(VECTORS)}, not {vectors}")
    at_least(1, "WordEmbed", width=width)
    at_least(0, "WordEmbed", min_freq=min_freq)
    for name, rate in (("unknown_rate", unknown_rate), ("word_dropout", word_dropout)):
        if not 0 <= rate < 1:
            raise ValueError(f"WordEmbed: {name} must be from 0 to below 1, not {rate}")
    vocabulary = Vocabulary(partial(attribute, name=attr))
    return Model(
        "word_embed",
        forward,
        init=init,
        dims={"nO": None},
        attrs={
            "width": FixedSetting(width),
            "attr": FixedSetting(attr),
            "min_freq": FixedSetting(min_freq),
            "vectors": FixedSetting(vectors),
            "unknown_rate": FreeSetting(unknown_rate),
            "word_dropout": FreeSetting(word_dropout),
            "keys": vocabulary,
            "counts": vocabulary,
            "is_sampled": vocabulary,
            "vector_scale": 1.0,
            "has_vectors": False,
        },
        shims=[TorchShim(WordTable, {}, dtype="float32")],
    )


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    shim = shim_of(model)
    lengths = [len(doc) for doc in docs]
    if not any(lengths):
        return empty_lists(model, model.get_dim("nO"), len(docs)), lambda dYs: []
    vocabulary: Vocabulary = model.attrs["keys"]
    words = word_types(docs, model.attrs["attr"].value)
    rows = vocabulary.rows(words.keys)
    unknown = rows < 0
    if is_train:
        vocabulary.warn_of_sample(model.name)
        unknown |= _dropped(vocabulary.counts, rows, model.attrs["unknown_rate"])
    fixed, vectors = _fixed_vectors(model, docs[0].vocab, words.keys, unknown)
    rows = np.where(unknown, WordTable.UNKNOWN, rows + 1)
    inputs = (rows, fixed, vectors, words.inverse)
    Y, backprop_torch = shim(
        tuple(torch.as_tensor(array, device=shim.device) for array in inputs),
        is_train,
        word_dropout=model.attrs["word_dropout"] if is_train else 0.0,
    )

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        backprop_torch(to_tensor(model, dYs))
        return []

    return to_lists(model, Y, lengths), backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    vocabulary: Vocabulary = model.attrs["keys"]
    vocabulary.renew(X)
    kept = vocabulary.counts >= max(model.attrs["min_freq"].value, 1)
    vocab = X[0].vocab if X and _takes_vectors(model, X[0].vocab) else None
    is_frozen = model.attrs["vectors"].value == "frozen"
    if X and vocab is None and is_frozen:
        raise ValueError(
            'WordEmbed: vectors = "frozen", but the pipeline has no word vectors; give '
            "--paths.vectors, or make it trained"
        )
    if vocab is not None and is_frozen:
        kept &= vector_rows(vocab, vocabulary.keys) < 0
    vocabulary.keep(kept)
    model.attrs["has_vectors"] = vocab is not None
    width = model.attrs["width"].value if vocab is None else vocab.vectors.shape[1]
    model.set_dim("nO", width, force=True)
    shim_of(model).build(n_words=len(vocabulary) + 1, width=width)
    if vocab is not None:
        _start_from_vectors(model, vocab)


def _takes_vectors(model: Model, vocab: Vocab) -> bool:
    """Whether the table starts from a vocab's vectors."""
    if model.attrs["vectors"].value == "unused" or model.attrs["attr"].value not in WORD_ATTRS:
        return False
    return has_vectors(vocab)


def _start_from_vectors(model: Model, vocab: Vocab) -> None:
    model.attrs["vector_scale"] = VECTOR_SPREAD / (float(vocab.vectors.data.std()) or 1.0)
    rows = vector_rows(vocab, model.attrs["keys"].keys)
    known = rows >= 0
    start = _scaled_vectors(model, vocab, rows[known])
    table = shim_of(model).module
    table.set_rows(torch.from_numpy(known.nonzero()[0] + 1), torch.from_numpy(start))


def _dropped(counts: np.ndarray, rows: np.ndarray, rate: float) -> np.ndarray:
    """Which words to treat as unknown in this training step."""
    n = np.append(counts, np.inf)[rows]  # row -1 is unknown already
    return torch.rand(len(rows)).numpy() < rate / (rate + (1 - rate) * n)


def _fixed_vectors(
    model: Model, vocab: Vocab, keys: np.ndarray, unknown: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the words that aren't in the table, those that `vocab.vectors` hold, and their vectors."""
    width = model.get_dim("nO")
    if not unknown.any() or not model.attrs["has_vectors"]:
        return np.zeros(0, dtype=np.int64), np.zeros((0, width), dtype=np.float32)
    if not len(vocab.vectors) or vocab.vectors.shape[1] != width:
        raise ValueError(
            f"WordEmbed was initialized with word vectors of width {width}, and the pipeline's "
            f"vocab has {len(vocab.vectors)} of width {vocab.vectors.shape[1]}: give it the "
            "vectors that it was initialized with"
        )
    candidates = unknown.nonzero()[0]
    rows = vector_rows(vocab, keys[candidates])
    return candidates[rows >= 0], _scaled_vectors(model, vocab, rows[rows >= 0])


def _scaled_vectors(model: Model, vocab: Vocab, rows: np.ndarray) -> np.ndarray:
    return vectors_at(vocab, rows) * np.float32(model.attrs["vector_scale"])
