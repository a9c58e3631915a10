"""Between spaCy's annotation of docs and BILUO tags (`biluo`)."""

import numpy as np
from spacy.strings import get_string_id
from spacy.tokens import Doc

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.thinc_layers.doc_batch import attribute

MISSING = -1

# spaCy's values of the attribute ENT_IOB; 0 is missing annotation
IOB_INSIDE, IOB_OUTSIDE, IOB_BEGIN = 1, 2, 3


class TokenEntities:
    """The entity annotation of all tokens of a batch of docs, as arrays [N].

    iob: ENT_IOB. types: ENT_TYPE, hashes of labels. last: is the token its doc's last?
    """

    def __init__(self, docs: list[Doc]):
        self.iob = attribute(docs, "ENT_IOB")
        self.types = attribute(docs, "ENT_TYPE")
        self.last = np.zeros(len(self.iob), dtype=bool)
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

    def tags(self, indices: dict[int, int]) -> np.ndarray:
        """BILUO tags. MISSING where annotation is missing or the label isn't among `indices`, which
        maps hashes of labels to their indices."""
        begins = self.iob == IOB_BEGIN
        continues = np.append(self.iob[1:] == IOB_INSIDE, False) & ~self.last
        positions = np.select(
            [begins & continues, begins, continues], [biluo.BEGIN, biluo.UNIT, biluo.INSIDE]
        )
        positions[~begins & ~continues] = biluo.LAST
        types, inverse = np.unique(self.types, return_inverse=True)
        labels = np.array([indices.get(key, MISSING) for key in types.tolist()])[inverse]
        tags = np.full(len(self.iob), MISSING)
        known = self.entities & (labels != MISSING)
        tags[known] = biluo.tag(labels[known], positions[known])
        tags[self.blocked | (self.iob == IOB_OUTSIDE)] = biluo.OUTSIDE
        return tags


def label_indices(labels: tuple[str, ...]) -> dict[int, int]:
    """Hashes of labels, which spaCy's annotation has, to their indices."""
    return {get_string_id(label): i for i, label in enumerate(labels)}
