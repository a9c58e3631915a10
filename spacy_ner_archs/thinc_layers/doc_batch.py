"""The attributes of a batch of docs, as arrays over all of their tokens."""

from collections.abc import Iterable

import numpy as np
from spacy.tokens import Doc

#: What layers and decoders mostly want: one call reads it all.
USUAL = ("ORTH", "LOWER", "ENT_IOB", "ENT_TYPE", "SENT_START", "IS_SPACE")


class DocBatch(list[Doc]):
    """Docs that keep what was read of them, so that layers don't read an attribute again. It holds
    for as long as nobody changes the docs: for one call of a model."""

    def __init__(self, docs: Iterable[Doc]):
        super().__init__(docs)
        self.read: dict[str, np.ndarray] = {}


def attribute(docs: list[Doc], name: str) -> np.ndarray:
    """An attribute (ORTH, ENT_IOB, ...) of all tokens of the docs, uint64 [N]."""
    if not isinstance(docs, DocBatch):
        return _read(docs, (name,))[name]
    if name not in docs.read:
        docs.read.update(_read(docs, USUAL if name in USUAL else (name,)))
    return docs.read[name]


def _read(docs: list[Doc], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    if not docs:
        return dict.fromkeys(names, np.zeros(0, dtype=np.uint64))
    values = np.concatenate([doc.to_array([*names]) for doc in docs])
    return dict(zip(names, values.reshape(-1, len(names)).T.copy(), strict=True))
