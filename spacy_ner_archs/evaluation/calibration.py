"""How far confidences can be trusted, and how well they put the wrong predictions last.

Confidences are probabilities [N] of N predictions, correct is bool [N]. Where there are no
predictions, ValueError is raised.
"""

from typing import NamedTuple

import numpy as np

#: Keeps the logarithm of a wrong certainty finite.
LEAST = 1e-12


class Reliability(NamedTuple):
    """The bins of a reliability diagram, least confident first.

    confidence: means [M]. accuracy: shares of right predictions [M]. size: predictions [M].
    """

    confidence: np.ndarray
    accuracy: np.ndarray
    size: np.ndarray


class RiskCoverage(NamedTuple):
    """What is wrong among the most confident predictions, [N], most confident first.

    coverage: share of the predictions that are kept, those that are at least as confident as the
    i-th. risk: share of the kept ones that is wrong.
    """

    coverage: np.ndarray
    risk: np.ndarray


def reliability(confidence: np.ndarray, correct: np.ndarray, bins: int = 15) -> Reliability:
    """Bins of equal mass (Nguyen & O'Connor 2015). Equal confidences are never parted, so bins may
    differ in size, and none is empty."""
    _require_predictions(confidence)
    rank = np.searchsorted(np.sort(confidence), confidence)
    _, bin_of, size = np.unique(
        rank * bins // len(confidence), return_inverse=True, return_counts=True
    )
    means = np.bincount(bin_of, weights=confidence) / size
    accuracy = np.bincount(bin_of, weights=correct) / size
    return Reliability(means, accuracy, size)


def expected_calibration_error(
    confidence: np.ndarray, correct: np.ndarray, bins: int = 15
) -> float:
    """Mean distance of the bins' confidence and accuracy, weighted by their predictions (Naeini et
    al. 2015); the bins are those of `reliability`."""
    by_bin = reliability(confidence, correct, bins)
    distance = np.abs(by_bin.confidence - by_bin.accuracy)
    return float(np.average(distance, weights=by_bin.size))


def brier(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Mean squared distance of confidence and outcome (Brier 1950), 0 to 1."""
    _require_predictions(confidence)
    return float(np.mean(np.square(confidence - correct)))


def log_loss(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Mean negative log probability of the outcomes, in nats."""
    _require_predictions(confidence)
    return float(np.mean(log_losses(confidence, correct)))


def log_losses(confidence: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Those of each prediction [N]. Confidences are taken to be at least `LEAST` away from 0 and
    1."""
    inside = np.clip(confidence, LEAST, 1 - LEAST)
    return -np.where(correct, np.log(inside), np.log1p(-inside))


def risk_coverage(confidence: np.ndarray, correct: np.ndarray) -> RiskCoverage:
    """The risk-coverage curve (El-Yaniv & Wiener 2010). Equal confidences are kept or left out
    together."""
    _require_predictions(confidence)
    order = np.argsort(-confidence, kind="stable")
    kept = np.searchsorted(-confidence[order], -confidence[order], side="right")
    wrong = np.cumsum(1 - np.asarray(correct, dtype=float)[order])
    return RiskCoverage(kept / len(confidence), wrong[kept - 1] / kept)


def aurc(confidence: np.ndarray, correct: np.ndarray) -> float:
    """Area under the risk-coverage curve: the mean risk over the predictions' confidences as
    thresholds (Geifman et al. 2019, equation 4). 0 is the best."""
    return float(np.mean(risk_coverage(confidence, correct).risk))


def _require_predictions(confidence: np.ndarray) -> None:
    if len(confidence) == 0:
        raise ValueError("there are no predictions to judge")
