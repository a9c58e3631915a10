"""A corpus with other entities in some places, and else as it was."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from spacy.attrs import ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE
from spacy.strings import get_string_id
from spacy.tokens import DocBin

from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE

# spaCy's numbers: https://spacy.io/api/token
_UNKNOWN, _INSIDE, _OUTSIDE, _BEGIN = range(4)


class Retag(NamedTuple):
    """doc: its number. start, end: tokens, which hold no part of an entity that goes on outside of
    them. tag: OUTSIDE, MISSING, or the label of an entity."""

    doc: int
    start: int
    end: int
    tag: str


def retagged(docbin: DocBin, changes: Iterable[Retag]) -> bytes:
    """The bytes of a .spacy file. Later changes take precedence over earlier ones. An entity that
    is set has no other attributes, such as an identifier of a knowledge base."""
    columns = list(map(int, docbin.attrs))
    changed = DocBin(store_user_data=True).from_bytes(docbin.to_bytes())
    for doc, start, end, tag in changes:
        tokens = changed.tokens[doc] = np.array(changed.tokens[doc])
        for attr in (ENT_ID, ENT_KB_ID, ENT_TYPE):
            if int(attr) in columns:
                tokens[start:end, columns.index(int(attr))] = 0
        iob = columns.index(int(ENT_IOB))
        if tag in (MISSING, OUTSIDE):
            tokens[start:end, iob] = _UNKNOWN if tag == MISSING else _OUTSIDE
        else:
            tokens[start:end, iob] = _INSIDE
            tokens[start, iob] = _BEGIN
            tokens[start:end, columns.index(int(ENT_TYPE))] = get_string_id(tag)
            changed.strings.add(tag)
    return changed.to_bytes()
