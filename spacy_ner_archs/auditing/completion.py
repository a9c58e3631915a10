"""A corpus whose missing annotation is filled in with what a pipeline is sure of: self-training
(Yarowsky 1995) on exact probabilities."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from spacy_ner_archs.auditing.judgement import BATCH_SIZE, without_annotation
from spacy_ner_archs.auditing.retag import Retag
from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.find_tagger import find_tagger

#: Least probability of the entities that can be filled in.
LEAST = 0.01


class SureLimits(NamedTuple):
    """Probabilities. entities, outside: from which a missing annotation is filled in with an
    entity, or with O. wrong: below which an annotated entity becomes missing."""

    entities: float = 0.8
    outside: float = 0.9
    wrong: float = 0.1


def completions(nlp: Language, docs: Sequence[Doc], limits: SureLimits) -> Iterator[Retag]:
    """What to change in the docs, each place once.

    Raises ValueError, in one line, for a pipeline without an `ner_tagger`, or with several.
    """
    tagger = find_tagger(nlp)
    number = 0
    for batch in minibatch(docs, BATCH_SIZE):
        here = list(batch)
        plain = without_annotation(nlp, here)
        annotated = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in here]
        of_spans = tagger.span_probabilities(plain, annotated)
        candidates = tagger.candidates(plain, max(limits.entities, LEAST))
        of_tokens = tagger.token_probabilities(plain)
        for doc, said in zip(here, map(Said, of_spans, candidates, of_tokens), strict=True):
            yield from _of_doc(number, doc, said, limits)
            number += 1


class Said(NamedTuple):
    """By a pipeline of a doc. of_annotated: probabilities of its entities. of_tokens: those of O
    and of each label [T, 1 + L]."""

    of_annotated: np.ndarray
    candidates: list[Entity]
    of_tokens: np.ndarray


def _of_doc(number: int, doc: Doc, said: Said, limits: SureLimits) -> Iterator[Retag]:
    missing = np.array([not token.ent_iob for token in doc], dtype=bool)
    for ent, probability in zip(doc.ents, said.of_annotated, strict=True):
        if probability < limits.wrong:
            missing[ent.start : ent.end] = True
            yield Retag(number, ent.start, ent.end, MISSING)
    for start, end, label, _ in sorted(said.candidates, key=lambda each: -each.score):
        if missing[start:end].all():
            missing[start:end] = False
            yield Retag(number, start, end, label)
    for token in np.flatnonzero(missing & (said.of_tokens[:, 0] >= limits.outside)).tolist():
        yield Retag(number, token, token + 1, OUTSIDE)
