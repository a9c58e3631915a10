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
    return WordTypes(*np.unique(_values(docs, attr), return_inverse=True))


def count_word_types(docs: list[Doc], attr: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the distinct words, ascending [W], and how often each occurs [W]."""
    return np.unique(_values(docs, attr), return_counts=True)


def rows_of(values: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Where each of the values stands in the ascending `keys`; -1 where it doesn't."""
    if not len(keys):
        return np.full(len(values), -1)
    found = np.searchsorted(keys, values).clip(max=len(keys) - 1)
    return np.where(keys[found] == values, found, -1)


def _values(docs: list[Doc], attr: str) -> np.ndarray:
    arrays = [doc.to_array(attr) for doc in docs]
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.uint64)
