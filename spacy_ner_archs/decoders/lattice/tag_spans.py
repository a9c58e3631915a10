from typing import NamedTuple

import numpy as np

from spacy_ner_archs.decoders.lattice import biluo


class TagSpans(NamedTuple):
    """Entities of a batch of sequences, as arrays [S].

    rows: their sequences. starts, ends: tokens of the sequence, end exclusive. labels: indices.
    """

    rows: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    labels: np.ndarray


def spans_of(tags: np.ndarray, lengths: np.ndarray) -> TagSpans:
    """The entities in valid tag paths [B, T] of these lengths [B], in their order."""
    in_entity = (tags != biluo.OUTSIDE) & (np.arange(tags.shape[1]) < lengths[:, None])
    rows, tokens = in_entity.nonzero()
    labels, positions = np.divmod(tags[rows, tokens] - 1, biluo.TAGS_PER_LABEL)
    first = (positions == biluo.BEGIN) | (positions == biluo.UNIT)
    last = (positions == biluo.LAST) | (positions == biluo.UNIT)
    return TagSpans(rows[first], tokens[first], tokens[last] + 1, labels[first])
