"""What an `ner_tagger` says of the entities of a corpus and of its own."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from spacy.language import Language
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.decoders.entity import Entity as ScoredEntity
from spacy_ner_archs.evaluation.counts import aligned
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.ner_tagger import NERTagger

#: Less probable spans are no candidates.
MIN_SCORE = 0.01


@dataclass(frozen=True)
class Probabilities:
    """Of one doc. candidates: with the tokens of the predicted doc. entities: of the gold and the
    predicted entities, with the tokens of the reference; a gold one that doesn't fit the tokens of
    the predicted doc has none."""

    candidates: list[ScoredEntity]
    entities: dict[Entity, float]


def tagger_in(nlp: Language) -> NERTagger | None:
    """The `ner_tagger`; None if there is none, or more than one."""
    with suppress(ValueError):
        return find_tagger(nlp)
    return None


def probabilities_of(
    tagger: NERTagger, examples: list[Example], names: Mapping[str, str]
) -> list[Probabilities]:
    """Of each example, with what the tagger has predicted. names: labels of the tagger, and what
    the corpus calls them, "" for those to leave out. Several labels with one name are exclusive, so
    their probabilities add up."""
    docs = [example.predicted for example in examples]
    named = {label: names.get(label, label) for label in tagger.labels}
    candidates = [_renamed(found, named) for found in tagger.candidates(docs, MIN_SCORE)]
    asked = [_spans(example, named) for example in examples]
    spans = [[_asked(span) for _, span in of_doc] for of_doc in asked]
    probabilities = []
    for of_doc, found, scores in zip(
        asked, candidates, tagger.span_probabilities(docs, spans), strict=True
    ):
        entities: dict[Entity, float] = {}
        for (entity, _), score in zip(of_doc, scores, strict=True):
            entities[entity] = entities.get(entity, 0.0) + float(score)
        probabilities.append(Probabilities(found, entities))
    return probabilities


def _asked(span: Entity) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _renamed(found: list[ScoredEntity], named: Mapping[str, str]) -> list[ScoredEntity]:
    scores: dict[Entity, float] = {}
    for start, end, label, score in found:
        if name := named.get(label, label):
            entity = Entity(start, end, name)
            scores[entity] = scores.get(entity, 0.0) + score
    return [ScoredEntity(*entity, score) for entity, score in sorted(scores.items())]


def _spans(example: Example, named: Mapping[str, str]) -> list[tuple[Entity, Entity]]:
    """Gold and predicted entities with the reference's tokens and the corpus's labels, each beside
    what to ask for: the predicted doc's tokens and one of the tagger's labels."""
    gold = [
        (Entity(ent.start, ent.end, ent.label_), span)
        for ent in example.reference.ents
        for span in example.get_aligned_spans_y2x([ent])
    ]
    predicted = [
        (Entity(ent.start, ent.end, named.get(ent.label_, ent.label_)), ent)
        for ent in example.predicted.ents
    ]
    places = aligned(example, [entity for entity, _ in predicted])
    both = dict(gold) | {
        entity: ent
        for entity, (_, ent) in zip(places, predicted, strict=True)
        if entity and entity.label
    }
    return [
        (entity, Entity(span.start, span.end, label))
        for entity, span in both.items()
        for label, name in named.items()
        if name == entity.label
    ]
