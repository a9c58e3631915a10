"""What a trained `ner_tagger` says of dev docs, at any calibration, beside their gold entities."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.types import Floats2d

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import Distribution, LabelledSpan, decoder_of
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.evaluation.gold import Gold, gold_of
from spacy_ner_archs.pipeline.batching import MAX_PADDED_TOKENS
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.torch_layers.padding import batches_by_length

Result = TypeVar("Result")


class _Batch(NamedTuple):
    """indices: of its docs. scores: of each of them [tokens, K]. constraints: the decoder's."""

    indices: list[int]
    scores: list[Floats2d]
    constraints: Any


class DevScores:
    """The network's scores of dev docs. They are computed once, since a calibration changes only
    what is made of them. All lists are of the docs, in their order.

    nlp: a pipeline with one `ner_tagger`. The components before it are applied to the docs.
    examples: docs with gold entities, and those that the pipeline predicts from. Those without
        tokens are left out.
    """

    def __init__(self, nlp: Language, examples: list[Example]):
        self.tagger = find_tagger(nlp)
        examples = [example for example in examples if len(example.predicted)]
        docs = _apply_before(nlp, self.tagger.name, examples)
        self.gold: list[Gold] = [gold_of(example) for example in examples]
        self._batches = _score(self.tagger, docs)
        self._preset = [{(ent.start, ent.end, ent.label_) for ent in doc.ents} for doc in docs]

    def predicted(self) -> list[list[LabelledSpan]]:
        """Entities of the most probable annotation, which no temperature changes. Preset ones and
        those where annotation is missing are left out."""
        best = self._ask(Calibration(), lambda found, _: found.best())
        return [
            [e[:3] for e in found if e[:3] not in preset and gold.is_known(*e[:2])]
            for found, preset, gold in zip(best, self._preset, self.gold, strict=True)
        ]

    def candidates(self, calibration: Calibration, min_score: float) -> list[list[Entity]]:
        """All spans with at least this probability, but those where annotation is missing."""
        found = self._ask(calibration, lambda found, _: found.candidates(min_score))
        return [
            [entity for entity in of_doc if gold.is_known(*entity[:2])]
            for of_doc, gold in zip(found, self.gold, strict=True)
        ]

    def probabilities(
        self, calibration: Calibration, spans: Sequence[Sequence[LabelledSpan]]
    ) -> list[np.ndarray]:
        """Of each doc's spans [S]."""
        return self._ask(
            calibration,
            lambda found, indices: found.span_probabilities([spans[i] for i in indices]),
        )

    def _ask(
        self,
        calibration: Calibration,
        question: Callable[[Distribution, list[int]], list[Result]],
    ) -> list[Result]:
        answers: dict[int, Result] = {}
        for batch in self._batches:
            decoder = decoder_of(self.tagger.model)
            of_batch = decoder.run(partial(self._answer, batch, calibration, question))
            answers.update(zip(batch.indices, of_batch, strict=True))
        return [answers[i] for i in range(len(self.gold))]

    def _answer(
        self,
        batch: _Batch,
        calibration: Calibration,
        question: Callable[[Distribution, list[int]], list[Result]],
    ) -> list[Result]:
        distribution = decoder_of(self.tagger.model).distribution(
            batch.scores, batch.constraints, self.tagger.labels, calibration
        )
        return question(distribution, batch.indices)


def _apply_before(nlp: Language, name: str, examples: list[Example]) -> list[Doc]:
    before = nlp.pipe_names[: nlp.pipe_names.index(name)]
    with nlp.select_pipes(enable=before):
        return list(nlp.pipe(example.predicted for example in examples))


def _score(tagger: NERTagger, docs: list[Doc]) -> list[_Batch]:
    decoder = decoder_of(tagger.model)
    batches = []
    for indices in batches_by_length([len(doc) for doc in docs], MAX_PADDED_TOKENS):
        of_batch = [docs[i] for i in indices]
        constraints = decoder.constraints(of_batch, tagger.labels, None)
        batches.append(_Batch(indices, tagger.model.predict(of_batch), constraints))
    return batches
