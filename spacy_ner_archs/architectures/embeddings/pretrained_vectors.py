"""The vectors of a pipeline, `nlp.vocab.vectors`, as NumPy arrays."""

from typing import Any

import numpy as np
from spacy.strings import get_string_id
from spacy.vectors import Mode
from spacy.vocab import Vocab
from thinc.api import get_array_module


def has_vectors(vocab: Vocab) -> bool:
    """Whether a vocab has vectors of words. Raises ValueError for floret's, which are of parts of
    words."""
    if not vocab.vectors.shape[1]:
        return False
    if vocab.vectors.mode != Mode.default:
        raise ValueError(
            "WordEmbed looks words up in a table of vectors, and floret vectors have none: "
            'set vectors = "unused", or use spacy.MultiHashEmbed.v2 with include_static_vectors'
        )
    return len(vocab.vectors) > 0


def vector_rows(vocab: Vocab, keys: np.ndarray) -> np.ndarray:
    """Rows of the vectors for words as they stand, else lower-cased; -1 where there is none."""
    rows = _to_numpy(vocab.vectors.find(keys=keys.tolist())).copy()
    missing = (rows < 0).nonzero()[0]
    lower = [get_string_id(vocab.strings[key].lower()) for key in keys[missing].tolist()]
    rows[missing] = _to_numpy(vocab.vectors.find(keys=lower))
    return rows


def vectors_at(vocab: Vocab, rows: np.ndarray) -> np.ndarray:
    """The vectors in these rows [R], as [R, width]."""
    data = vocab.vectors.data
    return _to_numpy(data[get_array_module(data).asarray(rows)])


def _to_numpy(array: Any) -> np.ndarray:
    """spaCy keeps vectors on the GPU while it trains there."""
    return array if isinstance(array, np.ndarray) else array.get()
