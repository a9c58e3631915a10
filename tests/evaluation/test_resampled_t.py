"""Intervals of differences over folds."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from spacy_ner_archs.evaluation.resampled_t import resampled_t_interval


def test_by_hand():
    # mean .15, deviation .05, t(2) = 4.303; error .05 * sqrt(1/3 + 1/2)
    low, high = resampled_t_interval(np.array([0.1, 0.2, 0.15]))
    assert low == pytest.approx(0.15 - 4.3027 * 0.05 * (5 / 6) ** 0.5, abs=1e-5)
    assert high == pytest.approx(0.15 + 4.3027 * 0.05 * (5 / 6) ** 0.5, abs=1e-5)


@pytest.mark.parametrize("n_folds", [2, 5, 10])
def test_it_is_wider_than_the_plain_one_by_the_shared_data(n_folds):
    differences = np.random.default_rng(0).normal(size=n_folds)
    low, high = resampled_t_interval(differences)
    plain = ttest_1samp(differences, 0).confidence_interval()
    ratio = (1 + n_folds / (n_folds - 1)) ** 0.5
    assert (high - low) / (plain.high - plain.low) == pytest.approx(ratio)


def test_it_holds_the_true_difference_as_often_as_it_says_where_the_plain_one_does_not():
    """Scores whose correlation is that of shared training data: 1 / folds."""
    rng, n_folds, held, plain_held = np.random.default_rng(1), 5, [], []
    for _ in range(500):
        shared = rng.normal() * n_folds**-0.5
        differences = shared + rng.normal(size=n_folds) * (1 - 1 / n_folds) ** 0.5
        low, high = resampled_t_interval(differences)
        held.append(low < 0 < high)
        middle, half = (low + high) / 2, (high - low) / 2
        plain_held.append(abs(middle) < half / (1 + n_folds / (n_folds - 1)) ** 0.5)
    assert 0.92 < np.mean(held) < 0.98
    assert np.mean(plain_held) < 0.9
