"""What pipelines say of an annotated doc."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy.special import xlogy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from spacy_ner_archs.corpus.annotated_labels import annotated_labels
from spacy_ner_archs.corpus.rejected_spans import rejected_spans
from spacy_ner_archs.decoders.decoder import Distribution, LabelledSpan, Tokens
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.ner_tagger import NERTagger

#: Less probable spans aren't suggested.
MIN_SCORE = 0.01
#: Docs whose tokens are in memory with what other components say of them, such as a transformer.
BATCH_SIZE = 512


class Judgement(NamedTuple):
    """Of a doc. annotated: its entities. others: entities that it doesn't have. outside: the
    probability of the tokens of each of them to be in no entity. entropies: the highest entropy of
    the label of one of these tokens, in nats."""

    annotated: tuple[Entity, ...]
    others: tuple[Entity, ...]
    outside: dict[Tokens, float]
    entropies: dict[Tokens, float]


def judgements(
    pipelines: Sequence[Language], docs: Iterable[Doc], labels: Collection[str]
) -> Iterator[Judgement]:
    """The mean probabilities of several pipelines, for each of the docs. They are given its tokens
    without its annotation.

    labels: of the entities that are judged and suggested; all pipelines have them. Nothing is
    suggested that overlaps other entities or tokens without annotation, that an annotator has
    rejected, or where the doc doesn't annotate its label (`annotated_labels`).
    """
    for batch in minibatch(docs, BATCH_SIZE):
        yield from _judge(pipelines, list(batch), labels)


def _judge(
    pipelines: Sequence[Language], docs: list[Doc], labels: Collection[str]
) -> Iterator[Judgement]:
    taggers = [find_tagger(nlp) for nlp in pipelines]
    inputs = [without_annotation(nlp, docs) for nlp in pipelines]
    asked = list(zip(taggers, inputs, strict=True))
    annotated = [entities_of(doc, labels) for doc in docs]
    candidates = [tagger.candidates(plain, MIN_SCORE) for tagger, plain in asked]
    keys = {tagger.incorrect_spans_key for tagger in taggers}
    others = [
        sorted(_suggested(doc, chain(*found), labels) - set(here) - rejected_spans(doc, keys))
        for doc, here, *found in zip(docs, annotated, *candidates, strict=True)
    ]
    spans = [[*a, *b] for a, b in zip(annotated, others, strict=True)]
    places = [sorted({span[:2] for span in of_doc}) for of_doc in spans]
    of_spans, of_places, entropies = _means(_probabilities(*each, spans, places) for each in asked)
    for i, here in enumerate(annotated):
        known = [Entity(*span, float(p)) for span, p in zip(spans[i], of_spans[i], strict=True)]
        outside = dict(zip(places[i], of_places[i].tolist(), strict=True))
        entropy = dict(zip(places[i], entropies[i].tolist(), strict=True))
        yield Judgement(tuple(known[: len(here)]), tuple(known[len(here) :]), outside, entropy)


def without_annotation(nlp: Language, docs: Iterable[Doc]) -> list[Doc]:
    """The docs' tokens, with what the components say that come before the tagger."""
    before = nlp.pipe_names[: nlp.pipe_names.index(find_tagger(nlp).name)]
    plain = (
        Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])
        for doc in docs
    )
    with nlp.select_pipes(enable=before):
        return list(nlp.pipe(plain))


def entities_of(doc: Doc, labels: Collection[str]) -> list[LabelledSpan]:
    """Those with some labels, in their order in the doc."""
    found = ((ent.start, ent.end, ent.label_) for ent in doc.ents)
    return [span for span in found if span[2] in labels]


def _suggested(
    doc: Doc, candidates: Iterable[Entity], labels: Collection[str]
) -> set[LabelledSpan]:
    """The candidates that can take the place of the doc's annotation."""
    closed = _closed_tokens(doc, labels)
    in_entities = {token.i for token in doc if token.ent_type_}
    annotated = annotated_labels(doc)
    of_doc = labels if annotated is None else annotated
    return {
        (start, end, label)
        for start, end, label, _ in candidates
        if label in labels
        and closed.isdisjoint(range(start, end))
        and (label in of_doc or not in_entities.isdisjoint(range(start, end)))
    }


def _closed_tokens(doc: Doc, labels: Collection[str]) -> set[int]:
    """Tokens without annotation, and those of entities with other labels."""
    missing = {token.i for token in doc if not token.ent_iob}
    return missing.union(*(range(e.start, e.end) for e in doc.ents if e.label_ not in labels))


def _probabilities(
    tagger: NERTagger,
    docs: list[Doc],
    spans: Sequence[Sequence[LabelledSpan]],
    places: Sequence[Sequence[Tokens]],
) -> tuple[list[np.ndarray], ...]:
    """Of each doc's spans, and of no entity in each of its places; and the places' entropies."""

    def answer(found: Distribution, batch: list[int]) -> list[tuple[np.ndarray, ...]]:
        of_spans = found.span_probabilities([spans[i] for i in batch])
        of_places = found.outside_probabilities([places[i] for i in batch])
        entropies = [
            _highest_entropies(of_tokens, places[i])
            for i, of_tokens in zip(batch, found.token_probabilities(), strict=True)
        ]
        return list(zip(of_spans, of_places, entropies, strict=True))

    answers = tagger.ask(docs, answer, lambda: (np.zeros(0),) * 3)
    return tuple(map(list, zip(*answers, strict=True)))


def _highest_entropies(probabilities: np.ndarray, places: Sequence[Tokens]) -> np.ndarray:
    """probabilities: of the labels of a doc's tokens [T, 1 + L]."""
    of_tokens = -xlogy(probabilities, probabilities).sum(1)
    return np.array([of_tokens[start:end].max() for start, end in places])


def _means(of_pipelines: Iterable[tuple[list[np.ndarray], ...]]) -> tuple[list[np.ndarray], ...]:
    """Of each doc, over the pipelines; each gives lists with an array of each doc."""
    return tuple(
        [np.mean(of_doc, axis=0) for of_doc in zip(*lists, strict=True)]
        for lists in zip(*of_pipelines, strict=True)
    )
