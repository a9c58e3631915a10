from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import Distribution, LabelledSpan, Tokens
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.entropy import entropy
from spacy_ner_archs.decoders.lattice.forward_backward import Posterior, posterior
from spacy_ner_archs.decoders.lattice.n_best import n_best
from spacy_ner_archs.decoders.lattice.sampling import sample
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.decoders.lattice.spans import (
    Spans,
    candidates,
    outside_probabilities,
    span_probabilities,
    spans_of,
)
from spacy_ner_archs.decoders.lattice.viterbi import viterbi


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
        self._labels = labels
        self._calibration = calibration

    @cached_property
    def _posterior(self) -> Posterior:
        return posterior(self._scores, self._mask)

    def best(self) -> list[list[Entity]]:
        return self._entities(viterbi(self._scores, self._mask)[:, None])[0]

    def candidates(self, min_score: float) -> list[list[Entity]]:
        least = [self._calibration.uncalibrate(min_score, label) for label in self._labels]
        spans, probabilities = candidates(self._posterior, min(least, default=1.0))
        found = self._in_lists(spans, probabilities, len(self._mask))
        return [sorted(e for e in of_doc if e.score >= min_score) for of_doc in found]

    def span_probabilities(self, spans: Sequence[Sequence[LabelledSpan]]) -> list[np.ndarray]:
        indices = {label: i for i, label in enumerate(self._labels)}
        probabilities = [np.zeros(len(of_doc)) for of_doc in spans]
        asked = [
            (doc, start, end, indices[label], place)
            for doc, of_doc in enumerate(spans)
            for place, (start, end, label) in enumerate(of_doc)
            if label in indices
        ]
        if asked:
            *columns, places = torch.tensor(asked, device=self._mask.device).unbind(1)
            known = Spans(*columns)
            scores = self._calibrate(known, span_probabilities(self._posterior, known))
            for doc, place, score in zip(known.sequences, places, scores, strict=True):
                probabilities[doc][place] = score
        return probabilities

    def outside_probabilities(self, places: Sequence[Sequence[Tokens]]) -> list[np.ndarray]:
        asked = [(doc, *place) for doc, of_doc in enumerate(places) for place in of_doc]
        if not asked:
            return [np.zeros(0) for _ in places]
        columns = torch.tensor(asked, device=self._mask.device).unbind(1)
        found = outside_probabilities(self._posterior, *columns).cpu().numpy()
        return np.split(found, np.cumsum([len(of_doc) for of_doc in places])[:-1])

    def token_probabilities(self) -> list[np.ndarray]:
        marginals = self._posterior.marginals
        outside = marginals[..., : biluo.OUTSIDE + 1]
        labels = marginals[..., 1:].unflatten(2, (-1, biluo.TAGS_PER_LABEL)).sum(3)
        of_tokens = torch.cat((outside, labels), 2).cpu().numpy()
        lengths = self._mask.sum(1).tolist()
        return [of_doc[:n] for of_doc, n in zip(of_tokens, lengths, strict=True)]

    def entropy(self) -> list[float]:
        return entropy(self._posterior).tolist()

    def n_best(self, n: int) -> list[list[tuple[list[Entity], float]]]:
        tags, scores = n_best(self._scores, self._mask, n)
        probabilities = (scores - self._posterior.log_partition[:, None]).exp().tolist()
        annotations = zip(*self._entities(tags), strict=True)
        return [
            [(entities, p) for entities, p in zip(of_doc, of_paths, strict=True) if p > 0]
            for of_doc, of_paths in zip(annotations, probabilities, strict=True)
        ]

    def sample(self, n: int, seed: int) -> list[list[list[Entity]]]:
        generator = torch.Generator(self._mask.device).manual_seed(seed)
        tags = sample(self._posterior, n, generator).transpose(0, 1)
        return [list(of_doc) for of_doc in zip(*self._entities(tags), strict=True)]

    def _entities(self, tags: Tensor) -> list[list[list[Entity]]]:
        """Of tag paths [B, M, T]: the entities of each path, of each doc."""
        n_paths = tags.shape[1]
        spans = spans_of(tags.flatten(0, 1), self._mask.repeat_interleave(n_paths, 0))
        of_docs = spans._replace(sequences=spans.sequences // n_paths)
        found = span_probabilities(self._posterior, of_docs)
        lists = self._in_lists(spans, found, len(tags) * n_paths)
        return [lists[i::n_paths] for i in range(n_paths)]

    def _in_lists(self, spans: Spans, probabilities: Tensor, n: int) -> list[list[Entity]]:
        """The entities of each of n sequences, with their calibrated probabilities."""
        scores = self._calibrate(spans, probabilities).tolist()
        lists: list[list[Entity]] = [[] for _ in range(n)]
        columns = (column.tolist() for column in spans)
        for *place, label, score in zip(*columns, scores, strict=True):
            sequence, start, end = place
            lists[sequence].append(Entity(start, end, self._labels[label], score))
        return lists

    def _calibrate(self, spans: Spans, probabilities: Tensor) -> np.ndarray:
        labels = [self._labels[i] for i in spans.labels.tolist()]
        return self._calibration.calibrate(probabilities.cpu().numpy(), labels)
