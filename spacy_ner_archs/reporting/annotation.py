"""Sentences with wrong entities as tasks for an annotator."""

from typing import Any

from spacy_ner_archs.annotators.task import Task, TaskSpan
from spacy_ner_archs.annotators.writing.prodigy import prodigy_span, prodigy_task
from spacy_ner_archs.evaluation.shown_sentences import Place
from spacy_ner_archs.evaluation.wrong_entities import WrongEntity, WrongSentence


def annotation_task(sentence: WrongSentence, file: str) -> dict[str, Any]:
    """A task of Prodigy's, and more. spans: the gold entities, to correct. predicted: the
    pipeline's. errors: what is wrong, with the probabilities and the verdict. file: the
    corpus's."""
    spans = tuple(map(_span, sentence.gold))
    meta = {"source": file, "doc": sentence.doc}
    task = Task(sentence.text, sentence.tokens, spans, meta)
    return {
        **prodigy_task(task),
        "predicted": [prodigy_span(task, _span(place)) for place in sentence.predicted],
        "errors": [_error(error) for error in sentence.errors],
    }


def _span(place: Place) -> TaskSpan:
    return TaskSpan(place.start, place.end, place.label, place.probability)


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
