"""What is kept of docs' candidates along thresholds."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from scipy.special import expit, logit

from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import select
from spacy_ner_archs.evaluation.gold import Gold

HIGHEST = 0.999


def thresholds_from(lowest: float) -> np.ndarray:
    """Thresholds up to `HIGHEST`, .05 apart in log-odds: fine where they are near 0 or 1."""
    return np.unique(np.round(expit(np.arange(logit(lowest), logit(HIGHEST), 0.05)), 5))


class Sweep:
    """Entities of D docs along G increasing thresholds. Counts are int [D, G]; a label of None
    counts all.

    candidates: of each doc, by their start, end and label.
    overlap: keep all candidates with at least the threshold, as `min_score` does; otherwise those
        that `select` chooses, as `threshold` does.
    """

    def __init__(
        self,
        candidates: Sequence[Sequence[Entity]],
        gold: Sequence[Gold],
        thresholds: np.ndarray,
        *,
        overlap: bool = False,
    ):
        self.thresholds = thresholds
        self._counts = [of_doc.counts for of_doc in gold]
        self._docs = np.repeat(np.arange(len(gold)), [len(of_doc) for of_doc in candidates])
        self._labels = np.array([e.label for e in chain(*candidates)], dtype=str)
        pairs = zip(candidates, gold, strict=True)
        self._right = np.array(
            [e[:3] in of_doc.spans for found, of_doc in pairs for e in found], dtype=bool
        )
        scores = np.array([e.score for e in chain(*candidates)])[:, None]
        self._kept = scores >= thresholds
        if not overlap:
            self._kept = scores > thresholds
            self._select(candidates)

    def _select(self, candidates: Sequence[Sequence[Entity]]) -> None:
        row = 0
        for cluster in chain(*map(clusters, candidates)):
            rows = slice(row, row + len(cluster))
            row = rows.stop
            for i in np.flatnonzero(self._kept[rows].sum(axis=0) > 1).tolist():
                selected = select(cluster, float(self.thresholds[i]))
                self._kept[rows, i] = [entity in selected for entity in cluster]

    @property
    def labels(self) -> list[str]:
        """Of the gold entities."""
        return sorted({label for counts in self._counts for label in counts})

    def gold(self, label: str | None) -> np.ndarray:
        """Gold entities of each doc, int [D]."""
        return np.array(
            [counts.total() if label is None else counts[label] for counts in self._counts]
        )

    def kept(self, label: str | None) -> np.ndarray:
        return self._count(self._of(label))

    def wrong(self, label: str | None) -> np.ndarray:
        """Kept, and not gold."""
        return self._count(self._of(label) & ~self._right)

    def missed(self, label: str | None) -> np.ndarray:
        """Gold, and not kept."""
        return self.gold(label)[:, None] - self._count(self._of(label) & self._right)

    def _of(self, label: str | None) -> np.ndarray:
        return np.ones(len(self._labels), bool) if label is None else self._labels == label

    def _count(self, chosen: np.ndarray) -> np.ndarray:
        counts = np.zeros((len(self._counts), len(self.thresholds)), dtype=int)
        np.add.at(counts, self._docs[chosen], self._kept[chosen])
        return counts


def clusters(candidates: Sequence[Entity]) -> Iterator[list[Entity]]:
    """Candidates by their start, in groups that don't overlap with each other."""
    cluster: list[Entity] = []
    end = 0
    for candidate in candidates:
        if cluster and candidate.start >= end:
            yield cluster
            cluster = []
        cluster.append(candidate)
        end = max(end, candidate.end)
    if cluster:
        yield cluster
