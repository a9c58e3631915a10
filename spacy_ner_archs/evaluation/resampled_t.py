"""How far a difference in cross-validation may be off."""

import numpy as np
from scipy.stats import t

from spacy_ner_archs.evaluation.scores import Interval


def resampled_t_interval(differences: np.ndarray) -> Interval:
    """95 % interval of the mean difference of two trainings, by the corrected resampled t test
    (Nadeau & Bengio 2003).

    differences: float [folds], two or more, of the scores on each fold. The trainings share most of
    their data, so their scores aren't independent. The test adds the ratio of held-out to training
    data, 1 / (folds - 1), to the factor 1 / folds of the variance.
    """
    n = len(differences)
    error = np.sqrt((1 / n + 1 / (n - 1)) * np.var(differences, ddof=1))
    low, high = np.mean(differences) + t.ppf([0.025, 0.975], n - 1) * error
    return Interval(float(low), float(high))
