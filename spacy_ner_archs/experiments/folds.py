"""The folds of a corpus: which of its Docs are held out together in cross-validation."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.experiments.stratification import stratify


@dataclass(frozen=True)
class Deal:
    """A corpus that was dealt into folds.

    corpus: a .spacy file, as it was given. checksum: its MD5 sum. seed: of the deal. fold_of_doc:
    of each Doc, from 0. Docs without tokens don't count: spaCy's `Corpus` skips them.
    """

    corpus: str
    checksum: str
    seed: int
    fold_of_doc: tuple[int, ...]

    @property
    def n_folds(self) -> int:
        return max(self.fold_of_doc) + 1

    def docs_of(self, fold: int) -> list[int]:
        """The numbers of the Docs that are held out together."""
        return [i for i, each in enumerate(self.fold_of_doc) if each == fold]


def check_number(n_folds: int) -> None:
    """Raise ValueError, in one line, for too few folds."""
    if n_folds < 2:
        raise ValueError(f"{n_folds} folds can't be told apart; give 2 or more")


def deal(docs: Sequence[Doc], n_folds: int, seed: int) -> list[int]:
    """The fold of each Doc, from 0. Where the corpus marks documents, a document's Docs stay
    together. Folds have about the same share of each label's entities, and of the tokens.

    seed: of the deal. Raises ValueError for fewer than two folds, and for fewer documents than
    folds.
    """
    check_number(n_folds)
    units = _units(docs)
    n_units = max(units, default=-1) + 1
    if n_units < n_folds:
        what = "documents" if _marks_documents(docs) else "Docs"
        raise ValueError(f"{n_units} {what} can't be dealt into {n_folds} folds")
    labels = {label: i for i, label in enumerate(_labels(docs))}
    counts = np.zeros((n_units, len(labels)), dtype=int)
    sizes = np.zeros(n_units, dtype=int)
    for doc, unit in zip(docs, units, strict=True):
        sizes[unit] += len(doc)
        for ent in doc.ents:
            counts[unit, labels[ent.label_]] += 1
    return stratify(counts, sizes, n_folds, seed)[units].tolist()


def _marks_documents(docs: Sequence[Doc]) -> bool:
    return any(DOCUMENT_START in doc.user_data for doc in docs)


def _units(docs: Sequence[Doc]) -> list[int]:
    """The number of each Doc's document, or of the Doc."""
    if not _marks_documents(docs):
        return list(range(len(docs)))
    starts = [DOCUMENT_START in doc.user_data for doc in docs]
    return list(accumulate(starts[1:], initial=0))


def _labels(docs: Sequence[Doc]) -> list[str]:
    return sorted({ent.label_ for doc in docs for ent in doc.ents})
