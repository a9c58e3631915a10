from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from spacy.errors import Errors
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import Distribution, LabelledSpan, Tokens, decoder_of
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.batching import start_batches
from spacy_ner_archs.pipeline.entity_scores import predicted_tokens
from spacy_ner_archs.pipeline.listeners import require_upstream
from spacy_ner_archs.pipeline.prediction import check_min_score
from spacy_ner_archs.thinc_layers.doc_batch import DocBatch
from spacy_ner_archs.thinc_layers.torch_shim import is_small

Result = TypeVar("Result")


class EntityProbabilities(TrainablePipe):
    """What can be asked of a component that has a distribution over the annotations of a doc.

    The probabilities are exact for the trained model. They take into account what the annotation of
    a doc rules out: preset entities, blocked tokens, starts of sentences. Entities that an
    `ner_tagger` itself has set don't count as annotation.
    """

    cfg: dict[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.cfg["labels"])

    @property
    def calibration(self) -> Calibration:
        """What `python -m spacy ner calibrate` found."""
        return Calibration(self.cfg["temperature"], self.cfg["span_temperatures"])

    def candidates(self, docs: Iterable[Doc], min_score: float = 0.01) -> list[list[Entity]]:
        """All spans of each doc that are an entity with a probability of at least min_score, by
        their start, end and label. They can overlap.

        min_score (float): Above 0. The lower it is, the more spans there are.
        """
        check_min_score(min_score)
        return self.ask(list(docs), lambda found, batch: found.candidates(min_score), list)

    def span_probabilities(
        self, docs: Iterable[Doc], spans: Iterable[Iterable[Span | LabelledSpan]]
    ) -> list[np.ndarray]:
        """The probability of spans, predicted or not, to be an entity with their label.

        spans (Iterable[Iterable[Union[Span, Tuple[int, int, str]]]]): Of each doc; a tuple has the
            start and the end (exclusive) in tokens, and the label. A label that the component
            doesn't have has probability 0. Raises ValueError for a span outside its doc.
        RETURNS (List[ndarray]): Of each doc [number of its spans].
        """
        docs = list(docs)
        asked = [
            [_labelled_span(span, doc) for span in of_doc]
            for doc, of_doc in zip(docs, spans, strict=True)
        ]
        return self.ask(
            docs,
            lambda found, batch: found.span_probabilities([asked[i] for i in batch]),
            lambda: np.zeros(0),
        )

    def outside_probabilities(
        self, docs: Iterable[Doc], places: Iterable[Iterable[Tokens]]
    ) -> list[np.ndarray]:
        """The probability that none of the tokens of a place is in an entity.

        places (Iterable[Iterable[Tuple[int, int]]]): Of each doc, the start and the end (exclusive)
            in tokens. Raises ValueError for a place outside its doc.
        RETURNS (List[ndarray]): Of each doc [number of its places]. Temperatures of spans, which
            belong to labels, don't change it.
        """
        docs = list(docs)
        asked = [
            [_within(place, doc) for place in of_doc]
            for doc, of_doc in zip(docs, places, strict=True)
        ]
        return self.ask(
            docs,
            lambda found, batch: found.outside_probabilities([asked[i] for i in batch]),
            lambda: np.zeros(0),
        )

    def token_probabilities(self, docs: Iterable[Doc]) -> list[np.ndarray]:
        """The probability of each token to be in no entity (the first column), and to be in one
        with each label, in the order of `labels`.

        RETURNS (List[ndarray]): Of each doc [tokens, 1 + labels]; rows add up to 1.
        """
        empty = (0, 1 + len(self.labels))
        return self.ask(
            list(docs), lambda found, batch: found.token_probabilities(), lambda: np.zeros(empty)
        )

    def entropy(self, docs: Iterable[Doc]) -> np.ndarray:
        """The entropy of the annotations of each doc [docs], in nats: 0 where one is certain."""
        return np.array(
            self.ask(list(docs), lambda found, batch: found.entropy(), float), dtype=np.float64
        )

    def n_best(self, docs: Iterable[Doc], n: int) -> list[list[tuple[list[Entity], float]]]:
        """The n most probable annotations of each doc, the best first, with their probabilities.
        Short docs have fewer. The scores of the entities are those of `span_probabilities`.
        """
        _at_least_one(n)
        return self.ask(list(docs), lambda found, batch: found.n_best(n), lambda: [([], 1.0)])

    def sample(self, docs: Iterable[Doc], n: int, seed: int = 0) -> list[list[list[Entity]]]:
        """n annotations of each doc, drawn independently by their probabilities.

        seed (int): The same seed draws the same for the same docs.
        """
        _at_least_one(n)

        def draw(distribution: Distribution, batch: list[int]) -> list[list[list[Entity]]]:
            of_batch = np.random.SeedSequence([seed, batch[0]]).generate_state(1)[0]
            return distribution.sample(n, int(of_batch))

        return self.ask(list(docs), draw, lambda: [[] for _ in range(n)])

    def ask(
        self,
        docs: list[Doc],
        question: Callable[[Distribution, list[int]], list[Result]],
        empty: Callable[[], Result],
    ) -> list[Result]:
        """Ask the distribution of each batch of docs, and give an answer for each doc. Several
        questions in one cost the network's time once.

        question: takes the distribution and the indices of its docs. empty: makes the answer for a
        doc without tokens.
        """
        return self._start(docs, question, empty)()

    def _start(
        self,
        docs: list[Doc],
        question: Callable[[Distribution, list[int]], list[Result]],
        empty: Callable[[], Result],
        *,
        past_predictions: bool = False,
    ) -> Callable[[], list[Result]]:
        """Start to ask. What comes back waits for the answers, and gives them.

        question: takes the distribution and the indices of its docs. empty: makes the answer for a
        doc without tokens. past_predictions: do earlier predictions count as annotation?
        """
        self._require_weights()
        require_upstream(self.name, self.model, docs)
        decoder, labels, calibration = decoder_of(self.model), self.labels, self.calibration

        def answer(batch: list[int]) -> list[Result]:
            of_batch = DocBatch(docs[i] for i in batch)
            scores = self.model.predict(of_batch)
            is_free = None if past_predictions else predicted_tokens(of_batch)
            constraints = decoder.constraints(of_batch, labels, is_free)
            return decoder.run(
                lambda: question(
                    decoder.distribution(scores, constraints, labels, calibration), batch
                )
            )

        return start_batches(answer, docs, empty, at_once=is_small(self.model))

    def _require_weights(self) -> None:
        if not decoder_of(self.model).has_weights:
            raise ValueError(
                f"{Errors.E109.format(name=self.name)} Call nlp.initialize(lambda: examples), or "
                "load a trained pipeline."
            )


def _labelled_span(span: Span | Sequence, doc: Doc) -> LabelledSpan:
    start, end, label = (span.start, span.end, span.label_) if isinstance(span, Span) else span
    return *_within((start, end), doc), label


def _within(place: Tokens, doc: Doc) -> Tokens:
    start, end = place
    if not 0 <= start < end <= len(doc):
        raise ValueError(f"a doc of {len(doc)} tokens has no span from {start} to {end}")
    return start, end


def _at_least_one(n: int) -> None:
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
