"""A doc's entities as plain rows, which JSON, Parquet and other processes can hold."""

from typing import TypedDict

from spacy.tokens import Doc, Span

from spacy_ner_archs.pipeline.entity_scores import score_of

#: Digits of a probability: those behind them depend on which docs are computed together.
DIGITS = 6


class EntityRow(TypedDict):
    """start, end: characters of the doc's text, the end exclusive. probability: None where an
    entity has none, as those of spaCy's `ner`."""

    start: int
    end: int
    label: str
    text: str
    probability: float | None


def entity_rows(doc: Doc) -> list[EntityRow]:
    """The entities of a doc, `doc.ents`."""
    return [_row(ent, score_of(ent)) for ent in doc.ents]


def candidate_rows(doc: Doc, key: str) -> list[EntityRow]:
    """The spans under a key of `doc.spans` that an `ner_tagger` has set; they may overlap."""
    group = doc.spans[key]
    scores = group.attrs["scores"].tolist()
    return [_row(span, score) for span, score in zip(group, scores, strict=True)]


def _row(span: Span, probability: float | None) -> EntityRow:
    return {
        "start": span.start_char,
        "end": span.end_char,
        "label": span.label_,
        "text": span.text,
        "probability": None if probability is None else round(probability, DIGITS),
    }
