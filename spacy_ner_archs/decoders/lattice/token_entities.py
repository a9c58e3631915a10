"""Between spaCy's annotation of docs and BILUO tags (`biluo`)."""

from collections.abc import Iterator

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.decoders.lattice import biluo

MISSING = -1

# spaCy's values of the attribute ENT_IOB; 0 is missing annotation
IOB_INSIDE, IOB_OUTSIDE, IOB_BEGIN = 1, 2, 3


class TokenEntities:
    """The entity annotation of all tokens of a batch of docs, as arrays [N].

    iob: ENT_IOB. types: ENT_TYPE, hashes of labels. last: is the token its doc's last?
    """

    def __init__(self, docs: list[Doc]):
        arrays = [doc.to_array(["ENT_IOB", "ENT_TYPE"]) for doc in docs]
        values = np.concatenate(arrays) if arrays else np.zeros((0, 2), dtype=np.uint64)
        self.iob: np.ndarray = values[:, 0]
        self.types: np.ndarray = values[:, 1]
        self.last = np.zeros(len(values), dtype=bool)
        lengths = np.array([len(doc) for doc in docs if len(doc)], dtype=np.int64)
        self.last[np.cumsum(lengths) - 1] = True

    @property
    def blocked(self) -> np.ndarray:
        """Tokens that are set to be in no entity."""
        return (self.iob == IOB_BEGIN) & (self.types == 0)

    @property
    def entities(self) -> np.ndarray:
        """Tokens in entities."""
        return (self.types != 0) & ((self.iob == IOB_BEGIN) | (self.iob == IOB_INSIDE))

    def tags(self, label_indices: dict[int, int]) -> np.ndarray:
        """BILUO tags. MISSING where annotation is missing or the label isn't among
        label_indices, which maps hashes of labels to their indices."""
        begins = self.iob == IOB_BEGIN
        continues = np.append(self.iob[1:] == IOB_INSIDE, False) & ~self.last
        positions = np.select(
            [begins & continues, begins, continues], [biluo.BEGIN, biluo.UNIT, biluo.INSIDE]
        )
        positions[~begins & ~continues] = biluo.LAST
        types, inverse = np.unique(self.types, return_inverse=True)
        labels = np.array([label_indices.get(key, MISSING) for key in types.tolist()])[inverse]
        tags = np.full(len(self.iob), MISSING)
        known = self.entities & (labels != MISSING)
        tags[known] = biluo.tag(labels[known], positions[known])
        tags[self.blocked | (self.iob == IOB_OUTSIDE)] = biluo.OUTSIDE
        return tags


def spans_of(tags: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Start, end (exclusive) and label index of the entities in a valid tag sequence."""
    tagged = np.flatnonzero(tags)
    positions = (tags[tagged] - 1) % biluo.TAGS_PER_LABEL
    labels = (tags[tagged] - 1) // biluo.TAGS_PER_LABEL
    first = (positions == biluo.BEGIN) | (positions == biluo.UNIT)
    last = (positions == biluo.LAST) | (positions == biluo.UNIT)
    ends = tagged[last] + 1
    return zip(tagged[first].tolist(), ends.tolist(), labels[first].tolist(), strict=True)
