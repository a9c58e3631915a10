"""Doubts as tasks for an annotator: each sentence with what is better, to accept, correct or
reject."""

from typing import Any

from spacy_ner_archs.annotators.task import Task, task_of
from spacy_ner_archs.annotators.writing.prodigy import prodigy_task
from spacy_ner_archs.auditing.doubt import Reading
from spacy_ner_archs.auditing.doubted_sentence import DoubtedSentence
from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.decoders.entity import Entity as Scored

#: Field of a task that tells where in which corpus the doubt is.
PLACE = "doubt"


def doubt_task(doubted: DoubtedSentence) -> Task:
    """spans: the corrected entities; the better one has its probability."""
    doubt, sentence = doubted.doubt, doubted.sentence
    better = doubt.better
    suggested = Scored(better.start, better.end, better.label, better.probability)
    spans: list[Entity | Scored] = [
        suggested if span == suggested[:3] else span for span in doubted.corrected
    ]
    meta = {
        "kind": doubt.kind,
        "score": round(doubt.score, 4),
        "annotated": ", ".join(map(_told, doubt.there)),
        "better": _told(better),
    }
    return task_of(sentence, spans, meta)


def decision_task(doubted: DoubtedSentence, checksum: str) -> dict[str, Any]:
    """A task of Prodigy's, and where the doubt is: tokens of the doc, as `decisions_of` reads it.
    checksum: of the corpus."""
    doubt, sentence = doubted.doubt, doubted.sentence
    place = {
        "corpus": checksum,
        "doc": doubt.doc,
        "sentence": [sentence.start, sentence.end],
        "annotated": [[r.start, r.end, r.label] for r in doubt.there],
        "better": [doubt.better.start, doubt.better.end, doubt.better.label],
    }
    return {**prodigy_task(doubt_task(doubted)), PLACE: place}


def _told(reading: Reading) -> str:
    return f"{reading.text} {reading.label} {reading.probability:.3f}"
