"""A doc's entities as plain rows, which JSON, Parquet and other processes can hold."""

from collections.abc import Iterable

from spacy.tokens import Doc, Span
from typing_extensions import TypedDict  # the one that pydantic takes before Python 3.12

from spacy_ner_archs.decoders.entity import Entity
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


class AnnotationRow(TypedDict):
    """One of the annotations of a doc, and its probability."""

    probability: float
    entities: list[EntityRow]


def entity_rows(doc: Doc) -> list[EntityRow]:
    """The entities of a doc, `doc.ents`."""
    return [_row(ent, score_of(ent)) for ent in doc.ents]


def candidate_rows(doc: Doc, key: str) -> list[EntityRow]:
    """The spans under a key of `doc.spans` that an `ner_tagger` has set; they may overlap."""
    group = doc.spans[key]
    scores = group.attrs["scores"].tolist()
    return [_row(span, score) for span, score in zip(group, scores, strict=True)]


def n_best_rows(doc: Doc, annotations: Iterable[tuple[list[Entity], float]]) -> list[AnnotationRow]:
    """What `n_best` of an `ner_tagger` gives for a doc."""
    return [
        {"probability": round(probability, DIGITS), "entities": _rows(doc, entities)}
        for entities, probability in annotations
    ]


def _rows(doc: Doc, entities: list[Entity]) -> list[EntityRow]:
    return [_row(Span(doc, e.start, e.end, label=e.label), e.score) for e in entities]


def _row(span: Span, probability: float | None) -> EntityRow:
    return {
        "start": span.start_char,
        "end": span.end_char,
        "label": span.label_,
        "text": span.text,
        "probability": None if probability is None else round(probability, DIGITS),
    }
