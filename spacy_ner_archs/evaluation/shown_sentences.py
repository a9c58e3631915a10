"""The sentences of entities, and those to show, with the entities of one side and another."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc, Span
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity


@dataclass(frozen=True)
class Place:
    """An entity in a sentence: from one character of the text up to, not including, another.
    probability: None where it isn't known. error: the number of what is wrong with it, from 0, in
    the errors of a `WrongSentence`."""

    start: int
    end: int
    label: str
    is_wrong: bool = False
    probability: float | None = None
    error: int | None = None


def entity_text(doc: Doc, entity: Entity | Span) -> str:
    """Its tokens with a space between them, whatever white space the doc has."""
    return " ".join(token.text for token in doc[entity.start : entity.end])


@lru_cache(maxsize=8)
def _sentence_starts(doc: Doc) -> list[int]:
    if not doc.has_annotation("SENT_START"):
        return [0, len(doc)]
    return [*(sentence.start for sentence in doc.sents), len(doc)]


def sentence_of(doc: Doc, entity: Entity) -> Span:
    """The sentence in which an entity begins; the doc, where none are set."""
    starts = _sentence_starts(doc)
    i = bisect_right(starts, entity.start)
    return doc[starts[i - 1] : starts[i]]


def direction_of(examples: Sequence[Example]) -> str:
    """Of the writing: "ltr" or "rtl"."""
    return examples[0].reference.vocab.writing_system["direction"] if examples else "ltr"


def sentences_with(
    doc: Doc, chosen: Iterable[Entity], sides: Mapping[str, Sequence[Entity]]
) -> Iterator[tuple[Span, dict[str, list[Entity]]]]:
    """The sentences in which a chosen entity begins, with the entities of each side that begin
    there; a sentence is as long as all of them need."""
    grouped: dict[str, dict[int, list[Entity]]] = {side: {} for side in sides}
    for side, entities in sides.items():
        for entity in sorted(entities):
            grouped[side].setdefault(sentence_of(doc, entity).start, []).append(entity)
    for start in sorted({sentence_of(doc, entity).start for entity in chosen}):
        here = {side: sentences.get(start, []) for side, sentences in grouped.items()}
        ends = [entity.end for entities in here.values() for entity in entities]
        sentence = doc[start : max(sentence_of(doc, Entity(start, start + 1, "")).end, *ends)]
        yield sentence, here


def place_of(
    sentence: Span,
    entity: Entity,
    is_wrong: bool = False,
    probability: float | None = None,
    error: int | None = None,
) -> Place:
    span, offset = sentence.doc[entity.start : entity.end], sentence.start_char
    start, end = span.start_char - offset, span.end_char - offset
    return Place(start, end, entity.label, is_wrong, probability, error)
