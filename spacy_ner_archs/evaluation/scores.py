"""Precision, recall and F1 of whatever is scored, as fractions."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from spacy.scorer import PRFScore


class Interval(NamedTuple):
    """Bounds that would hold the score on all docs there are for 95 % of corpora like this one."""

    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """p, r, f: precision, recall and F1. interval: of F1. support: gold ones; None where a mean has
    none of its own."""

    p: float
    r: float
    f: float
    interval: Interval | None = None
    support: int | None = None


def scores_of(counts: np.ndarray, interval: Interval | None = None) -> Scores:
    """By spaCy's scorer. counts: int [3], true positives, false positives, false negatives."""
    tp, fp, fn = map(int, counts)
    score = PRFScore(tp=tp, fp=fp, fn=fn)
    return Scores(score.precision, score.recall, score.fscore, interval, tp + fn)


def f1(counts: np.ndarray) -> np.ndarray:
    """F1 of many counts [..., 3] at once, as for resampling; 0 where nothing is right."""
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)
