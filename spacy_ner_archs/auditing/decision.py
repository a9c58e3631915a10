"""What a person says of doubts, as the audit's page exports it, and Prodigy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import srsly
from pydantic import TypeAdapter, ValidationError
from spacy.tokens import Span

from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.tasks import PLACE
from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity

Answer = Literal["accept", "reject", "ignore"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True)
class Decision:
    """Of a doc, from a line of the file.

    removed, added: what the corpus has and shouldn't have, and the other way round, where a doubt
    was accepted. kept, refused: what the corpus has and should have, and the other way round, where
    it was rejected.
    """

    line: int
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
    """A decision of each line. The spans of an accepted task are the entities of its sentence,
    whether a person has changed them or not.

    Raises ValueError, in one line with the file's line, for what is no decision about this corpus.
    """
    decisions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                decisions.append(_decision(number, _mapping(line), corpus))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    return decisions


def _mapping(line: str) -> dict[str, Any]:
    try:
        task = srsly.json_loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(task, dict):
        raise ValueError("not a task; give JSONL as the audit's page or Prodigy's db-out writes it")
    return task


def _decision(number: int, task: Mapping[str, Any], corpus: CorpusFile) -> Decision:
    place, answer = _place(task), task.get("answer")
    if place.corpus != corpus.checksum:
        raise ValueError(f"it is about another corpus than {corpus.path}, or that was changed")
    if answer not in ANSWERS:
        raise ValueError(f"its answer is {answer}; it must be one of {', '.join(ANSWERS)}")
    sentence = _sentence(place, corpus)
    entities = _entities(sentence)
    annotated = {Entity(*each) for each in place.annotated if each[2] != OUTSIDE}
    if not annotated <= entities:
        raise ValueError("the corpus doesn't have the entity that it is about")
    if answer == "reject":
        refused = {Entity(*place.better)} if place.better[2] != OUTSIDE else set()
        return Decision(
            number, place.doc, answer, kept=frozenset(annotated), refused=frozenset(refused)
        )
    if answer == "ignore":
        return Decision(number, place.doc, answer)
    truth = _truth(task, sentence)
    return Decision(
        number, place.doc, answer, frozenset(entities - truth), frozenset(truth - entities)
    )


def _place(task: Mapping[str, Any]) -> DoubtPlace:
    if PLACE not in task:
        raise ValueError(f"no field '{PLACE}', which the audit's tasks have")
    try:
        return TypeAdapter(DoubtPlace).validate_python(task[PLACE])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (PLACE, *first["loc"])))
        raise ValueError(f"{where}: {first['msg']}") from error


def _sentence(place: DoubtPlace, corpus: CorpusFile) -> Span:
    if not 0 <= place.doc < len(corpus.docs):
        raise ValueError(f"no doc {place.doc}; the corpus has {len(corpus.docs)}")
    doc, (start, end) = corpus.docs[place.doc], place.sentence
    if not 0 <= start < end <= len(doc):
        raise ValueError(f"doc {place.doc} has no tokens {start} to {end}; it has {len(doc)}")
    return doc[start:end]


def _entities(sentence: Span) -> set[Entity]:
    """Those that are in it as a whole."""
    found = (Entity(ent.start, ent.end, ent.label_) for ent in sentence.doc.ents)
    return {e for e in found if sentence.start <= e.start and e.end <= sentence.end}


def _truth(task: Mapping[str, Any], sentence: Span) -> set[Entity]:
    """The spans of an accepted task."""
    if task.get("text") != sentence.text:
        raise ValueError("its text isn't that of the corpus")
    return {_entity(span, sentence) for span in task.get("spans") or []}


def _entity(span: Any, sentence: Span) -> Entity:
    try:
        start, end, label = int(span["start"]), int(span["end"]), str(span["label"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("a span needs start, end and label") from error
    found = sentence.char_span(start, end)
    if found is None or not label:
        raise ValueError(f"characters {start} to {end} don't begin and end with tokens")
    return Entity(found.start, found.end, label)
