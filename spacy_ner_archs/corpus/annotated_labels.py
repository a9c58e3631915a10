"""Docs in which only some labels are annotated: what is outside of their entities may be an entity
with another label."""

from collections.abc import Iterable

from spacy.tokens import Doc

#: `Doc.user_data` has the list of labels under this key.
ANNOTATED_LABELS = "spacy_ner_archs.annotated_labels"


def set_annotated_labels(doc: Doc, labels: Iterable[str]) -> None:
    """Say that of all entities of a reference only those with these labels are annotated."""
    doc.user_data[ANNOTATED_LABELS] = sorted(labels)


def annotated_labels(doc: Doc) -> list[str] | None:
    """The labels that are annotated in a reference; None for all."""
    return doc.user_data.get(ANNOTATED_LABELS)
