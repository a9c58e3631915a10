"""Spans of a reference that an annotator has rejected: they are no entities with their label."""

from collections.abc import Iterable

from spacy.tokens import Doc

from spacy_ner_archs.corpus.schemes import Entity

#: Key of `doc.spans` for them: the one that an example of spaCy's docs gives to
#: `incorrect_spans_key`.
INCORRECT = "incorrect_spans"


def rejected_spans(doc: Doc, keys: Iterable[str | None] = ()) -> set[Entity]:
    """Those under `INCORRECT`, and under other keys of `doc.spans`: the `incorrect_spans_key` of
    taggers, or None where they have none."""
    groups = [doc.spans[key] for key in {INCORRECT, *keys} if key in doc.spans]
    return {Entity(span.start, span.end, span.label_) for group in groups for span in group}
