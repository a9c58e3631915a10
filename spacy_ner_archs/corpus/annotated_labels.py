"""Docs in which only some labels are annotated: what is outside of their entities may be an entity
with another label."""

from collections.abc import Iterable

from spacy.tokens import Doc

from spacy_ner_archs.corpus.errors import ConversionError

#: `Doc.user_data` has the list of labels under this key.
ANNOTATED_LABELS = "spacy_ner_archs.annotated_labels"


def set_annotated_labels(doc: Doc, labels: Iterable[str]) -> None:
    """Say that of all entities of a reference only those with these labels are annotated."""
    doc.user_data[ANNOTATED_LABELS] = sorted(labels)


def check_only(only: Iterable[str], found: Iterable[str], what: str) -> None:
    """Raise ConversionError, in one line, where the labels that are annotated aren't those that
    are found. what: the file."""
    only, found = set(only), set(found)
    if only and (others := sorted(found - only)):
        raise ConversionError(
            f"{what}: it has entities with {', '.join(others)}, too; give --only for each label"
        )
    if only and (lacking := sorted(only - found)):
        raise ConversionError(f"{what}: it has no entity with {', '.join(lacking)}; see --only")


def annotated_labels(doc: Doc) -> list[str] | None:
    """The labels that are annotated in a reference; None for all."""
    labels = doc.user_data.get(ANNOTATED_LABELS)  # a tuple, where the doc was stored
    return None if labels is None else list(labels)
