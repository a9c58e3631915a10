"""Temperatures that make probabilities right as often as they say (Guo et al. 2017), by the log
loss of predicted entities (Jagannatha & Yu 2020) and not of whole annotations."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize_scalar

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.evaluation.calibration import log_loss, log_losses

#: Where a temperature is sought: with few predictions, or none of them wrong, it has no optimum.
LOWEST, HIGHEST = 0.25, 4.0
TOLERANCE = 1e-3
FOLDS = 5


def fit_temperature(loss: Callable[[float], float]) -> float:
    """The temperature from `LOWEST` to `HIGHEST` with the least loss, by Brent's method on its
    logarithm."""
    found = minimize_scalar(
        lambda log: loss(float(np.exp(log))),
        bounds=(np.log(LOWEST), np.log(HIGHEST)),
        method="bounded",
        options={"xatol": TOLERANCE},
    )
    return float(np.exp(found.x))


def fit_span_temperatures(
    confidence: np.ndarray, correct: np.ndarray, labels: np.ndarray, docs: np.ndarray
) -> dict[str, float]:
    """Temperatures of the labels that need one of their own. That is so where it lowers the log
    loss of docs that it wasn't fitted to, in cross-validation, by more than two standard errors.

    confidence: of predictions at the common temperature [N]. correct: bool [N]. labels: str [N].
    docs: of each prediction the index of its doc [N]; neighbours are in the same fold.
    """
    folds = docs * FOLDS // (docs.max(initial=0) + 1)
    temperatures = {}
    for label in np.unique(labels).tolist():
        chosen = labels == label
        given = confidence[chosen], correct[chosen]
        if _is_needed(*given, folds[chosen], docs[chosen]):
            temperatures[label] = _fit(*given)
    return temperatures


def _is_needed(
    confidence: np.ndarray, correct: np.ndarray, folds: np.ndarray, docs: np.ndarray
) -> bool:
    held_out = np.zeros(len(confidence))
    for fold in np.unique(folds):
        there = folds == fold
        if there.all():
            return False
        temperature = _fit(confidence[~there], correct[~there])
        held_out[there] = _scaled(confidence[there], temperature)
    gains = log_losses(confidence, correct) - log_losses(held_out, correct)
    of_docs = np.bincount(docs, weights=gains)
    return bool(of_docs.sum() > 2 * np.sqrt(np.square(of_docs).sum()))


def _fit(confidence: np.ndarray, correct: np.ndarray) -> float:
    return fit_temperature(lambda t: log_loss(_scaled(confidence, t), correct))


def _scaled(confidence: np.ndarray, temperature: float) -> np.ndarray:
    return Calibration(1.0, {"": temperature}).calibrate(confidence, [""] * len(confidence))
