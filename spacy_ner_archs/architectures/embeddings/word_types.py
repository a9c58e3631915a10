"""The distinct words of a batch: embeddings are computed once a word, not once a token."""

from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.thinc_layers.doc_batch import attribute


class WordTypes(NamedTuple):
    """keys: hashes of the distinct words, ascending [W]. inverse: the word of each token [N]."""

    keys: np.ndarray
    inverse: np.ndarray


def word_types(docs: list[Doc], attr: str) -> WordTypes:
    """The distinct values of a lexical attribute (ORTH, LOWER, ...) in the docs."""
    return WordTypes(*np.unique(attribute(docs, attr), return_inverse=True))
