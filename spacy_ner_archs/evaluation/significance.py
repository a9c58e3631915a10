"""How far a score may be off, and whether two differ: a corpus is a sample of the docs there are.

Counts are those of `counts.py`, [N, 3]: a row is an example, and examples are what is resampled.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap, permutation_test

from spacy_ner_archs.evaluation.counts import f1

#: Rows that are resampled at a time: keeps the memory within bounds.
BATCH = 50


class Interval(NamedTuple):
    """Bounds that hold a score with a probability of 95 %."""

    low: float
    high: float


class Difference(NamedTuple):
    """F1 of one system minus that of another, on the same examples.

    p_bootstrap: share of resamples whose difference is further from the observed one than that is
    from 0 (Koehn 2004). p_randomisation: how often a difference at least as large comes up where
    it is left to chance which system an example's result belongs to (Yeh 2000). Both two-sided.
    """

    f1: float
    interval: Interval
    p_bootstrap: float
    p_randomisation: float


def f1_interval(counts: np.ndarray, *, resamples: int = 1000, seed: int = 0) -> Interval:
    """Percentile bootstrap interval of the F1 (Efron & Tibshirani 1993)."""

    def statistic(rows: np.ndarray, axis: int = -1) -> np.ndarray:
        return f1(counts[rows].sum(axis=-2))

    return _interval(statistic, len(counts), resamples, seed)[0]


def f1_difference(
    first: np.ndarray, second: np.ndarray, *, resamples: int = 1000, seed: int = 0
) -> Difference:
    """Compare two systems on the same examples, by paired bootstrap and by approximate
    randomisation."""

    def statistic(rows: np.ndarray, axis: int = -1) -> np.ndarray:
        return f1(first[rows].sum(axis=-2)) - f1(second[rows].sum(axis=-2))

    n = len(first)
    observed = float(statistic(np.arange(n)))
    if n < 2:  # nothing to tell chance from
        return Difference(observed, Interval(observed, observed), 1.0, 1.0)
    interval, distribution = _interval(statistic, n, resamples, seed)
    beyond = np.abs(distribution - observed) >= abs(observed)
    p_bootstrap = (beyond.sum() + 1) / (resamples + 1)
    p_randomisation = _randomised(first, second, resamples, seed)
    return Difference(observed, interval, float(p_bootstrap), p_randomisation)


def _randomised(first: np.ndarray, second: np.ndarray, resamples: int, seed: int) -> float:
    n = len(first)
    both = np.concatenate([first, second])

    def statistic(ones: np.ndarray, others: np.ndarray, axis: int = -1) -> np.ndarray:
        return f1(both[ones].sum(axis=-2)) - f1(both[others].sum(axis=-2))

    result = permutation_test(
        (np.arange(n), np.arange(n, 2 * n)),
        statistic,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=BATCH,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def _interval(
    statistic: Callable[..., np.ndarray], n: int, resamples: int, seed: int
) -> tuple[Interval, np.ndarray]:
    if n < 2:  # nothing to resample
        value = float(statistic(np.arange(n)))
        return Interval(value, value), np.full(resamples, value)
    result = bootstrap(
        (np.arange(n),),
        statistic,
        vectorized=True,
        n_resamples=resamples,
        batch=BATCH,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    low, high = result.confidence_interval
    return Interval(float(low), float(high)), result.bootstrap_distribution
