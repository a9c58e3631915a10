"""Sentences as tasks for an annotator, with the fields of Prodigy
(https://prodi.gy/docs/api-interfaces)
where it has such: text, tokens, spans, meta."""

from typing import Any

from spacy_ner_archs.evaluation.shown_sentences import Place
from spacy_ner_archs.evaluation.wrong_entities import WrongEntity, WrongSentence


def annotation_task(sentence: WrongSentence, file: str) -> dict[str, Any]:
    """spans: the gold entities, to correct. predicted: the pipeline's. errors: what is wrong, with
    the probabilities and the verdict. file: the corpus's."""
    return {
        "text": sentence.text,
        "tokens": [_token(sentence.text, i, *place) for i, place in enumerate(sentence.tokens)],
        "spans": [_span(sentence, place) for place in sentence.gold],
        "predicted": [_span(sentence, place) for place in sentence.predicted],
        "errors": [_error(error) for error in sentence.errors],
        "meta": {"source": file, "doc": sentence.doc},
    }


def _token(text: str, i: int, start: int, end: int) -> dict[str, Any]:
    has_space = text[end : end + 1].isspace()
    return {"text": text[start:end], "start": start, "end": end, "id": i, "ws": has_space}


def _span(sentence: WrongSentence, place: Place) -> dict[str, Any]:
    """As in Prodigy, token_end is the last token."""
    starts, ends = zip(*sentence.tokens, strict=True)
    return {
        "start": place.start,
        "end": place.end,
        "token_start": starts.index(place.start),
        "token_end": ends.index(place.end),
        "label": place.label,
        "probability": place.probability,
    }


def _error(error: WrongEntity) -> dict[str, Any]:
    return {
        "text": error.text,
        "kind": error.kind,
        "gold": error.gold,
        "predicted": error.predicted,
        "p_gold": error.p_gold,
        "p_predicted": error.p_predicted,
        "verdict": error.verdict,
    }
