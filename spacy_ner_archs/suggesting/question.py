"""What an annotator can be asked of a text."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc

from spacy_ner_archs.annotators.task import Task, task_of
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.suggesting.uncertainty import answer_entropy, uncertainties_of

#: Spans that are less probable, or more than 1 minus it, aren't asked for: they tell little.
LEAST_PROBABILITY = 0.05


class Question(NamedTuple):
    """key: of two questions with the same key, one is enough. entities: what is marked. value,
    doubts: see `Option`."""

    key: Hashable
    doc: Doc
    entities: Sequence[Entity]
    value: float
    doubts: Mapping[Any, float]

    def task(self, source: str) -> Task:
        return task_of(self.doc, self.entities, {"source": source})


#: From docs to the questions of each.
Asker = Callable[[NERTagger, list[Doc]], Iterator[list[Question]]]


def ask_for_texts(length_exponent: float) -> Asker:
    """Which entities has a text? Those that are found are marked."""

    def ask(tagger: NERTagger, docs: list[Doc]) -> Iterator[list[Question]]:
        for doc, unsure in zip(docs, uncertainties_of(tagger, docs), strict=True):
            value = unsure.value(length_exponent)
            yield [Question(doc.text, doc, unsure.entities, value, unsure.words)]

    return ask


def ask_for_spans(tagger: NERTagger, docs: list[Doc]) -> Iterator[list[Question]]:
    """Is a span an entity, yes or no? Spans with the same words and label are the same doubt, and
    so are those of one text: an answer about one tells about the others."""
    for doc, candidates in zip(docs, tagger.candidates(docs, LEAST_PROBABILITY), strict=True):
        yield [
            _of_span(doc, entity) for entity in candidates if entity.score <= 1 - LEAST_PROBABILITY
        ]


def _of_span(doc: Doc, entity: Entity) -> Question:
    mention = doc[entity.start : entity.end].text.lower(), entity.label
    doubts = {mention: 1.0, doc.text: 1.0}
    key = doc.text, entity.start, entity.end, entity.label
    return Question(key, doc, [entity], answer_entropy(entity.score), doubts)
