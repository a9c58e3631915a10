"""A corpus whose missing annotation is filled in with what a pipeline is sure of: self-training
(Yarowsky 1995) on exact probabilities."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from spacy_ner_archs.auditing.judgement import BATCH_SIZE, entities_of, without_annotation
from spacy_ner_archs.auditing.retag import Retag
from spacy_ner_archs.corpus.rejected_spans import rejected_spans
from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE
from spacy_ner_archs.decoders.decoder import LabelledSpan
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.ner_tagger import NERTagger

#: Least probability of the entities that can be filled in.
LEAST = 0.01


class SureLimits(NamedTuple):
    """Probabilities. entities, outside: from which a missing annotation is filled in with an
    entity, or with O. wrong: below which an annotated entity becomes missing."""

    entities: float = 0.8
    outside: float = 0.9
    wrong: float = 0.1


def completions(nlp: Language, docs: Sequence[Doc], limits: SureLimits) -> Iterator[Retag]:
    """What to change in the docs, each place once. Entities with labels that the pipeline doesn't
    have stay, and spans that an annotator has rejected aren't filled in.

    Raises ValueError, in one line, for a pipeline without an `ner_tagger`, or with several.
    """
    tagger = find_tagger(nlp)
    number = 0
    for batch in minibatch(docs, BATCH_SIZE):
        here = list(batch)
        plain = without_annotation(nlp, here)
        annotated = [entities_of(doc, tagger.labels) for doc in here]
        of_spans = tagger.span_probabilities(plain, annotated)
        candidates = tagger.candidates(plain, max(limits.entities, LEAST))
        fitting = _not_rejected(tagger, here, candidates)
        of_tokens = tagger.token_probabilities(plain)
        said = map(Said, annotated, of_spans, fitting, of_tokens)
        for doc, of_doc in zip(here, said, strict=True):
            yield from _of_doc(number, doc, of_doc, limits)
            number += 1


class Said(NamedTuple):
    """Of a doc. annotated: entities with the pipeline's labels. of_annotated: their probabilities.
    candidates: for the rest. of_tokens: probabilities of O and of each label [T, 1 + L]."""

    annotated: list[LabelledSpan]
    of_annotated: np.ndarray
    candidates: list[Entity]
    of_tokens: np.ndarray


def _of_doc(number: int, doc: Doc, said: Said, limits: SureLimits) -> Iterator[Retag]:
    missing = np.array([not token.ent_iob for token in doc], dtype=bool)
    for (start, end, _), probability in zip(said.annotated, said.of_annotated, strict=True):
        if probability < limits.wrong:
            missing[start:end] = True
            yield Retag(number, start, end, MISSING)
    for start, end, label, _ in sorted(said.candidates, key=lambda each: -each.score):
        if missing[start:end].all():
            missing[start:end] = False
            yield Retag(number, start, end, label)
    for token in np.flatnonzero(missing & (said.of_tokens[:, 0] >= limits.outside)).tolist():
        yield Retag(number, token, token + 1, OUTSIDE)


def _not_rejected(
    tagger: NERTagger, docs: list[Doc], candidates: list[list[Entity]]
) -> Iterator[list[Entity]]:
    for doc, found in zip(docs, candidates, strict=True):
        rejected = rejected_spans(doc, [tagger.incorrect_spans_key])
        yield [candidate for candidate in found if candidate[:3] not in rejected]
