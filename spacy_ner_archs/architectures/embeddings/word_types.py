"""The distinct words of a batch: embeddings are computed once a word, not once a token."""

from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc


class WordTypes(NamedTuple):
    """keys: hashes of the distinct words, ascending [W]. inverse: the word of each token [N]."""

    keys: np.ndarray
    inverse: np.ndarray


def word_types(docs: list[Doc], attr: str) -> WordTypes:
    """The distinct values of a lexical attribute (ORTH, LOWER, ...) in the docs."""
    return WordTypes(*np.unique(words_of(docs, attr), return_inverse=True))


def words_of(docs: list[Doc], attr: str) -> np.ndarray:
    """Hashes of all tokens' values of a lexical attribute [N]."""
    arrays = [doc.to_array(attr) for doc in docs]
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.uint64)
