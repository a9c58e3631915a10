"""What a person says of doubts, as the audit's page exports it, and Prodigy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError
from spacy.tokens import Span

from spacy_ner_archs.annotators.reading.answer import Marked, Place, marked, objects_in
from spacy_ner_archs.annotators.reading.files import read_tasks
from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.tasks import PLACE
from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity

Answer = Literal["accept", "reject", "ignore"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True)
class Decision:
    """Of a doc. place: in the file.

    removed, added: what the corpus has and shouldn't have, and the other way round, where a doubt
    was accepted. kept, refused: what the corpus has and should have, and the other way round, where
    it was rejected.
    """

    place: Place
    doc: int
    answer: Answer
    removed: frozenset[Entity] = frozenset()
    added: frozenset[Entity] = frozenset()
    kept: frozenset[Entity] = frozenset()
    refused: frozenset[Entity] = frozenset()


@dataclass(frozen=True)
class DoubtPlace:
    """The field `PLACE` of a task. corpus: its checksum. sentence: its tokens. annotated, better:
    tokens and label."""

    corpus: str
    doc: int
    sentence: tuple[int, int]
    annotated: tuple[tuple[int, int, str], ...]
    better: tuple[int, int, str]


def read_decisions(path: Path, corpus: CorpusFile) -> list[Decision]:
    """A decision of each task. The spans of an accepted task are the entities of its sentence,
    whether a person has changed them or not.

    RAISES (CorpusError): In one line with the file's line, for what is no decision about this
        corpus.
    """
    decisions = []
    for place, task in read_tasks(path):
        try:
            decisions.append(_decision(place, task, corpus))
        except ValueError as error:
            raise place.error(str(error)) from None
    return decisions


def _decision(place: Place, task: Mapping[str, Any], corpus: CorpusFile) -> Decision:
    doubt, answer = _doubt(task), task.get("answer")
    if doubt.corpus != corpus.checksum:
        raise ValueError(f"it is about another corpus than {corpus.path}, or that was changed")
    if answer not in ANSWERS:
        raise ValueError(f"its answer is {answer!r:.20}; it must be one of {', '.join(ANSWERS)}")
    sentence = _sentence(doubt, corpus)
    entities = _entities(sentence)
    kept = frozenset(Entity(*each) for each in doubt.annotated if each[2] != OUTSIDE)
    if not kept <= entities:
        raise ValueError("the corpus doesn't have the entity that it is about")
    if answer == "reject":
        better = Entity(*doubt.better)
        refused = frozenset([better] if better.label != OUTSIDE else [])
        return Decision(place, doubt.doc, answer, kept=kept, refused=refused)
    truth = _truth(task, sentence) if answer == "accept" else entities
    return Decision(place, doubt.doc, answer, entities - truth, truth - entities)


def _doubt(task: Mapping[str, Any]) -> DoubtPlace:
    if PLACE not in task:
        raise ValueError(f"no field '{PLACE}', which the audit's tasks have")
    try:
        return TypeAdapter(DoubtPlace).validate_python(task[PLACE])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (PLACE, *first["loc"])))
        raise ValueError(f"{where}: {first['msg']}") from error


def _sentence(doubt: DoubtPlace, corpus: CorpusFile) -> Span:
    if not 0 <= doubt.doc < len(corpus.docs):
        raise ValueError(f"no doc {doubt.doc}; the corpus has {len(corpus.docs)}")
    doc, (start, end) = corpus.docs[doubt.doc], doubt.sentence
    if not 0 <= start < end <= len(doc):
        raise ValueError(f"doc {doubt.doc} has no tokens {start} to {end}; it has {len(doc)}")
    return doc[start:end]


def _entities(sentence: Span) -> frozenset[Entity]:
    """Those that are in it as a whole."""
    found = (Entity(ent.start, ent.end, ent.label_) for ent in sentence.doc.ents)
    return frozenset(e for e in found if sentence.start <= e.start and e.end <= sentence.end)


def _truth(task: Mapping[str, Any], sentence: Span) -> frozenset[Entity]:
    """The spans of an accepted task."""
    if task.get("text") != sentence.text:
        raise ValueError("its text isn't that of the corpus")
    spans = (
        marked(sentence.text, span.get("start"), span.get("end"), span.get("label"))
        for span in objects_in(task, "spans")
    )
    return frozenset(_entity(span, sentence) for span in spans)


def _entity(span: Marked, sentence: Span) -> Entity:
    found = sentence.char_span(span.start, span.end)
    if found is None:
        raise ValueError(f"{span.shown(sentence.text)} doesn't begin and end with tokens")
    return Entity(found.start, found.end, span.label)
