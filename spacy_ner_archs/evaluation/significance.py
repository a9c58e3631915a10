"""How far a score may be off, and whether two differ: a corpus is a sample of the docs there are.

Counts are those of `counts.py`, [N, 3]: a row is an example, and examples are what is resampled.
Equal rows are drawn together: how often each kind of row comes up is multinomial (binomial, where
rows are swapped), which is the same as to draw the rows one by one, and quick for any N.
"""

from typing import NamedTuple

import numpy as np

from spacy_ner_archs.evaluation.scores import Interval, f1

#: With fewer examples that have any entity there is too little to resample.
FEWEST = 10


class Difference(NamedTuple):
    """F1 of one system minus that of another, on the same examples.

    p_bootstrap: share of resamples whose difference is further from the observed one than that is
    from 0 (Koehn 2004). p_randomisation: how often a difference at least as large comes up where
    it is left to chance which system an example's result belongs to (Yeh 2000). Both two-sided.
    interval and both are None where fewer than `FEWEST` examples have entities.
    """

    f1: float
    interval: Interval | None
    p_bootstrap: float | None
    p_randomisation: float | None


def f1_interval(counts: np.ndarray, *, resamples: int = 1000, seed: int = 0) -> Interval | None:
    """Percentile bootstrap interval of the F1 (Efron & Tibshirani 1993); None where fewer than
    `FEWEST` examples have entities."""
    if _n_with_entities(counts) < FEWEST:
        return None
    kinds, times = np.unique(counts, axis=0, return_counts=True)
    totals = _resampled(times, resamples, np.random.default_rng(seed)) @ kinds
    return _interval(f1(totals[totals.any(axis=1)]))


def f1_difference(
    first: np.ndarray, second: np.ndarray, *, resamples: int = 1000, seed: int = 0
) -> Difference:
    """Compare two systems on the same examples, by paired bootstrap and by approximate
    randomisation."""
    observed = float(f1(first.sum(axis=0)) - f1(second.sum(axis=0)))
    both = np.concatenate([first, second], axis=1)
    if _n_with_entities(both) < FEWEST:
        return Difference(observed, None, None, None)
    rng = np.random.default_rng(seed)
    kinds, times = np.unique(both, axis=0, return_counts=True)
    resampled = _difference(_resampled(times, resamples, rng) @ kinds)
    # swapping a row moves its difference from one side to the other
    swapped = rng.binomial(times, 0.5, size=(resamples, len(times)))
    moved = swapped @ (kinds[:, 3:] - kinds[:, :3])
    randomised = _difference(both.sum(axis=0) + np.concatenate([moved, -moved], axis=1))
    return Difference(
        observed,
        _interval(resampled),
        _share(np.abs(resampled - observed), observed),
        _share(np.abs(randomised), observed),
    )


def _resampled(times: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """How often each kind of row comes up in each resample: int [resamples, kinds]."""
    return rng.multinomial(times.sum(), times / times.sum(), size=resamples)


def _difference(totals: np.ndarray) -> np.ndarray:
    """Of F1, of totals [..., 6] of two systems."""
    return f1(totals[..., :3]) - f1(totals[..., 3:])


def _interval(scores: np.ndarray) -> Interval:
    low, high = np.percentile(scores, [2.5, 97.5])
    return Interval(float(low), float(high))


def _share(values: np.ndarray, observed: float) -> float:
    """Of the values that are at least as large as what was observed, which is one of them."""
    beyond = values >= abs(observed) - 1e-12
    return float((beyond.sum() + 1) / (len(values) + 1))


def _n_with_entities(counts: np.ndarray) -> int:
    return int(counts.any(axis=1).sum())
