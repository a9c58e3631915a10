"""What a doc's annotation rules out before its entities are predicted."""

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.token_entities import MISSING, TokenEntities, label_indices
from spacy_ner_archs.thinc_layers.doc_batch import attribute


def allowed_tags(
    docs: list[Doc], labels: tuple[str, ...], is_free: np.ndarray | None = None
) -> np.ndarray | None:
    """Bool [N, K], the tags that each token of the docs may get; None where all may get all.

    As in spaCy's `ner`: entities that are set stay as they are, blocked tokens are in none, no
    entity crosses the start of a sentence, and none begins or ends in white space. Tokens set to
    be outside (`O`) are free, and those of is_free [N], whatever they are set to.
    """
    entities = TokenEntities(docs)
    preset = entities.blocked | entities.entities
    if is_free is not None:
        preset &= ~is_free
    sentence_start = attribute(docs, "SENT_START") == 1
    sentence_start[np.flatnonzero(entities.last)[:-1] + 1] = False
    sentence_start[0] = False
    is_space = attribute(docs, "IS_SPACE") == 1
    if not (preset.any() or sentence_start.any() or is_space.any()):
        return None
    n_tags = biluo.n_tags(len(labels))
    tag_position = np.append(MISSING, np.arange(n_tags - 1) % biluo.TAGS_PER_LABEL)
    allowed = np.ones((len(preset), n_tags), dtype=bool)
    enters = np.isin(tag_position, (biluo.INSIDE, biluo.LAST))
    leaves = np.isin(tag_position, (biluo.BEGIN, biluo.INSIDE))
    allowed[np.ix_(sentence_start, enters)] = False
    allowed[np.ix_(np.append(sentence_start[1:], False), leaves)] = False
    allowed[np.ix_(is_space, tag_position == biluo.BEGIN)] = False
    allowed[np.ix_(is_space, tag_position == biluo.LAST)] = False
    allowed[np.ix_(is_space, tag_position == biluo.UNIT)] = False
    tags = entities.tags(label_indices(labels))
    tags[tags == MISSING] = biluo.OUTSIDE  # preset with a label that the model doesn't know
    allowed[preset] = False
    allowed[preset, tags[preset]] = True
    return allowed
