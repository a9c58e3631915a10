"""Where a doc keeps the scores of its entities: as the attributes of a group of spans, because
those are stored wherever a doc is (`Doc.to_bytes`, pickle, `DocBin`). The group itself is empty: a
retokenizer, such as spaCy's `merge_entities`, doesn't move the spans of groups."""

import warnings
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from spacy.tokens import Doc, Span, SpanGroup

from spacy_ner_archs.decoders.entity import Entity

#: Key of `doc.spans` whose attributes are the entities that have a score.
SCORES_KEY = "ner_scores"
EXTENSION = "ner_score"
COLUMNS = ("start_char", "end_char", "label", "scores")

#: First and last (exclusive) character, and hash of the label.
_Key = tuple[int, int, int]


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
    attrs = span.doc.spans[SCORES_KEY].attrs
    i = bisect_left(attrs["start_char"], span.start_char)
    is_there = i < len(attrs["scores"]) and _keys(attrs, i, i + 1) == [_key(span)]
    return float(attrs["scores"][i]) if is_there else None


def set_scores(doc: Doc, entities: list[tuple[Span, Entity]]) -> None:
    """Keep the scores of entities that were set now, beside those of older ones that are still
    there. The columns are lists: arrays would take longer to make than the entities."""
    scores = {_key(span): entity.score for span, entity in entities}
    if SCORES_KEY in doc.spans:
        scores = dict(sorted({**_older_scores(doc), **scores}.items()))
    if not scores:
        return
    columns = (*zip(*scores, strict=True), scores.values())
    attrs = {name: list(column) for name, column in zip(COLUMNS, columns, strict=True)}
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
            scored = set(_keys(doc.spans[SCORES_KEY].attrs))
            for ent in doc.ents:
                is_predicted[ent.start : ent.end] = _key(ent) in scored
    return np.concatenate(predicted)


def _older_scores(doc: Doc) -> dict[_Key, float]:
    """Of entities that the doc still has."""
    if SCORES_KEY not in doc.spans:
        return {}
    attrs = doc.spans.pop(SCORES_KEY).attrs
    there = set(map(_key, doc.ents))
    scored = zip(_keys(attrs), attrs["scores"], strict=True)
    return {key: score for key, score in scored if key in there}


def _keys(attrs: Mapping[str, Sequence], start: int = 0, end: int | None = None) -> list[_Key]:
    return list(zip(*(attrs[name][start:end] for name in COLUMNS[:-1]), strict=True))


def _key(span: Span) -> _Key:
    return span.start_char, span.end_char, span.label
