"""Sentences to show, with the entities of one side and another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.slices import sentence_of


def direction_of(examples: Sequence[Example]) -> str:
    """Of the writing: "ltr" or "rtl"."""
    return examples[0].reference.vocab.writing_system["direction"] if examples else "ltr"


def sentences_with(
    doc: Doc, chosen: Iterable[Entity], sides: Mapping[str, Sequence[Entity]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The sentences in which a chosen entity begins: their first tokens, and the text with the
    entities of each side that begin there. Places are those of characters in the text."""
    grouped: dict[str, dict[int, list[Entity]]] = {side: {} for side in sides}
    for side, entities in sides.items():
        for entity in sorted(entities):
            grouped[side].setdefault(sentence_of(doc, entity).start, []).append(entity)
    for start in sorted({sentence_of(doc, entity).start for entity in chosen}):
        here = {side: sentences.get(start, []) for side, sentences in grouped.items()}
        ends = [entity.end for entities in here.values() for entity in entities]
        sentence = doc[start : max(sentence_of(doc, Entity(start, start + 1, "")).end, *ends)]
        places = {
            side: [_place(doc, sentence.start_char, entity) for entity in entities]
            for side, entities in here.items()
        }
        yield start, {"text": sentence.text, **places}


def _place(doc: Doc, offset: int, entity: Entity) -> dict[str, Any]:
    span = doc[entity.start : entity.end]
    return {
        "start": span.start_char - offset,
        "end": span.end_char - offset,
        "label": entity.label,
    }
