from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import Distribution, LabelledSpan
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice._interim import *
from spacy_ner_archs.decoders.lattice.tag_spans import TagSpans, spans_of


class LatticeDistribution(Distribution):
    """The distribution over the tag paths of a batch. All of its probabilities come from one pass
    of the forward-backward algorithm, when the first is asked for.

    scores: the potentials. mask: bool [B, T], true on tokens. labels: in the order of their tags.
    """

    def __init__(
        self, scores: Scores, mask: Tensor, labels: tuple[str, ...], calibration: Calibration
    ):
        self._scores = scores
        self._mask = mask
        self._lengths = mask.sum(1).tolist()
        self._labels = labels
        self._calibration = calibration

    @cached_property
    def _posterior(self) -> Posterior:
        return posterior(self._scores, self._mask)

    def best(self) -> list[list[Entity]]:
        return self._entities(viterbi(self._scores, self._mask), range(len(self._lengths)))

    def candidates(self, min_score: float) -> list[list[Entity]]:
        least = [self._calibration.uncalibrate(min_score, label) for label in self._labels]
        spans, probabilities = candidates(self._posterior, min(least, default=1.0))
        scores = self._calibrate(spans, probabilities)
        found = self._in_lists(spans, scores, len(self._lengths))
        return [sorted(e for e in of_doc if e.score >= min_score) for of_doc in found]

    def span_probabilities(self, spans: Sequence[Sequence[LabelledSpan]]) -> list[np.ndarray]:
        indices = {label: i for i, label in enumerate(self._labels)}
        probabilities = [np.zeros(len(of_doc)) for of_doc in spans]
        asked = [
            (doc, i, start, end, indices[label])
            for doc, of_doc in enumerate(spans)
            for i, (start, end, label) in enumerate(of_doc)
            if label in indices
        ]
        if asked:
            docs, places, *columns = np.array(asked).T
            found = self._probabilities(TagSpans(docs, *columns))
            for doc, place, p in zip(docs.tolist(), places.tolist(), found.tolist(), strict=True):
                probabilities[doc][place] = p
        return probabilities

    def token_probabilities(self) -> list[np.ndarray]:
        marginals = self._posterior.marginals
        outside = marginals[..., : biluo.OUTSIDE + 1]
        labels = marginals[..., 1:].unflatten(2, (-1, biluo.TAGS_PER_LABEL)).sum(3)
        of_tokens = torch.cat((outside, labels), 2).cpu().numpy()
        return [of_doc[:n] for of_doc, n in zip(of_tokens, self._lengths, strict=True)]

    def entropy(self) -> list[float]:
        return entropy(self._posterior).tolist()

    def n_best(self, n: int) -> list[list[tuple[list[Entity], float]]]:
        tags, scores = n_best(self._scores, self._mask, n)
        probabilities = (scores - self._posterior.log_partition[:, None]).exp()
        sequences = np.repeat(np.arange(len(tags)), tags.shape[1])
        annotations = iter(self._entities(tags.flatten(0, 1), sequences))
        return [
            [(next(annotations), p) for p in of_doc if p > 0] for of_doc in probabilities.tolist()
        ]

    def sample(self, n: int, seed: int) -> list[list[list[Entity]]]:
        generator = torch.Generator(self._mask.device).manual_seed(seed)
        tags = sample(self._posterior, n, generator).transpose(0, 1)
        sequences = np.repeat(np.arange(len(tags)), n)
        annotations = iter(self._entities(tags.flatten(0, 1), sequences))
        return [[next(annotations) for _ in range(n)] for _ in self._lengths]

    def _entities(self, tags: Tensor, sequences: Sequence[int] | np.ndarray) -> list[list[Entity]]:
        """Of tag paths [M, T]; each is one of the sequence that stands beside it."""
        sequences = np.asarray(sequences)
        paths = spans_of(tags.cpu().numpy(), np.array(self._lengths)[sequences])
        scores = self._probabilities(paths._replace(rows=sequences[paths.rows]))
        return self._in_lists(paths, scores, len(tags))

    def _probabilities(self, spans: TagSpans) -> np.ndarray:
        return self._calibrate(spans, span_probabilities(self._posterior, spans))

    def _calibrate(self, spans: TagSpans, probabilities: np.ndarray) -> np.ndarray:
        labels = [self._labels[i] for i in spans.labels.tolist()]
        return self._calibration.calibrate(probabilities, labels)

    def _in_lists(self, spans: TagSpans, scores: np.ndarray, n: int) -> list[list[Entity]]:
        """The entities of each of n rows."""
        lists: list[list[Entity]] = [[] for _ in range(n)]
        columns = (column.tolist() for column in (*spans, scores))
        for row, start, end, label, score in zip(*columns, strict=True):
            lists[row].append(Entity(start, end, self._labels[label], score))
        return lists
