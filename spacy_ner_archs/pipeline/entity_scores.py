"""Where a doc keeps the scores of its entities: as the attributes of a group of spans, because
those are stored wherever a doc is (`Doc.to_bytes`, pickle, `DocBin`). The group itself is empty: a
retokenizer, such as spaCy's `merge_entities`, doesn't move the spans of groups."""

import warnings
from collections.abc import Iterable

import numpy as np
from spacy.tokens import Doc, Span, SpanGroup

from spacy_ner_archs.decoders.entity import Entity

#: Key of `doc.spans` whose attributes are the entities that have a score.
SCORES_KEY = "ner_scores"
EXTENSION = "ner_score"

#: The attribute with the entities by their start: one array a doc, which costs Python's garbage
#: collector nothing.
ENTITIES = "entities"
SCORED = np.dtype(
    [
        ("start_char", np.int64),
        ("end_char", np.int64),
        ("label", np.uint64),
        ("score", np.float64),
    ]
)

#: First and last (exclusive) character, and hash of the label.
_Key = tuple[int, int, int]
#: The same and the score.
_Row = tuple[int, int, int, float]


def register_extension() -> None:
    """Make `span._.ner_score` known to spaCy, unless other code has such an extension."""
    if not Span.has_extension(EXTENSION):
        Span.set_extension(EXTENSION, getter=score_of)
    elif Span.get_extension(EXTENSION)[2] is not score_of:
        warnings.warn(
            f"Span._.{EXTENSION} belongs to other code and stays what it is; the scores of "
            f"entities are in doc.spans['{SCORES_KEY}'].attrs",
            stacklevel=2,
        )


def score_of(span: Span) -> float | None:
    """The probability that an `ner_tagger` gave an entity, or None for a span that none has set."""
    if SCORES_KEY not in span.doc.spans:
        return None
    scored = span.doc.spans[SCORES_KEY].attrs[ENTITIES]
    i = int(np.searchsorted(scored["start_char"], span.start_char))
    if i == len(scored):
        return None
    *key, score = scored[i].tolist()
    return score if tuple(key) == _key(span) else None


def set_scores(doc: Doc, entities: list[tuple[Span, Entity]]) -> None:
    """Keep the scores of entities that were set now, beside those of older ones that are still
    there."""
    rows = [(*_key(span), entity.score) for span, entity in entities]
    if SCORES_KEY in doc.spans:
        rows = sorted({row[:-1]: row for row in (*_older_scores(doc), *rows)}.values())
    if rows:
        attrs = {ENTITIES: np.array(rows, dtype=SCORED)}
        doc.spans[SCORES_KEY] = SpanGroup(doc, name=SCORES_KEY, attrs=attrs)


def set_candidates(doc: Doc, key: str, spans: list[Span], scores: Iterable[float]) -> None:
    """Set `doc.spans[key]`, with `attrs["scores"]` as spaCy's `spancat` does."""
    attrs = {"scores": np.fromiter(scores, dtype=np.float32)}
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs=attrs)


def predicted_tokens(docs: list[Doc]) -> np.ndarray | None:
    """Tokens of entities that an `ner_tagger` has predicted, bool [N]; None if there are none."""
    if not any(SCORES_KEY in doc.spans for doc in docs):
        return None
    predicted = [np.zeros(len(doc), dtype=bool) for doc in docs]
    for doc, is_predicted in zip(docs, predicted, strict=True):
        if SCORES_KEY in doc.spans:
            rows = doc.spans[SCORES_KEY].attrs[ENTITIES].tolist()
            scored = {row[:-1] for row in rows}
            for ent in doc.ents:
                is_predicted[ent.start : ent.end] = _key(ent) in scored
    return np.concatenate(predicted)


def _older_scores(doc: Doc) -> list[_Row]:
    """Of entities that the doc still has."""
    scored = doc.spans.pop(SCORES_KEY).attrs[ENTITIES].tolist()
    there = set(map(_key, doc.ents))
    return [row for row in scored if row[:-1] in there]


def _key(span: Span) -> _Key:
    return span.start_char, span.end_char, span.label
