"""The calibration of a trained `ner_tagger`, from dev docs."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import LabelledSpan
from spacy_ner_archs.evaluation.calibration import (
    brier,
    expected_calibration_error,
    log_loss,
)
from spacy_ner_archs.evaluation.dev_scores import DevScores
from spacy_ner_archs.evaluation.temperatures import fit_span_temperatures, fit_temperature


class CalibrationFit(NamedTuple):
    """before, after: figures of the predicted entities, at the calibration that the tagger has and
    at the one that was found. n_predicted, n_right: how many there are, and how many are right."""

    calibration: Calibration
    before: dict[str, float]
    after: dict[str, float]
    n_predicted: int
    n_right: int


def fit_calibration(dev: DevScores) -> CalibrationFit:
    """Find the temperatures with the least log loss of the predicted entities. Raises ValueError
    where all of them are right, or all wrong: then no temperature has the least."""
    predicted = dev.predicted()
    correct = _correct(dev, predicted)
    n_predicted, n_right = len(correct), int(correct.sum())
    if n_right in (0, n_predicted):
        raise ValueError(
            f"{n_right} of the {n_predicted} entities that the pipeline finds are right; "
            "temperatures are found from right ones and wrong ones"
        )

    def confidence(calibration: Calibration) -> np.ndarray:
        return np.concatenate(dev.probabilities(calibration, predicted))

    temperature = fit_temperature(lambda t: log_loss(confidence(Calibration(t)), correct))
    labels = np.array([span[2] for span in chain(*predicted)])
    docs = np.repeat(np.arange(len(predicted)), [len(of_doc) for of_doc in predicted])
    found = Calibration(
        temperature,
        fit_span_temperatures(confidence(Calibration(temperature)), correct, labels, docs),
    )
    before, after = (
        figures(confidence(calibration), correct) for calibration in (dev.tagger.calibration, found)
    )
    return CalibrationFit(found, before, after, n_predicted, n_right)


def figures(confidence: np.ndarray, correct: np.ndarray) -> dict[str, float]:
    """Of N predictions: `ece` in 15 bins of equal mass, `brier` and `log_loss`."""
    return {
        "ece": expected_calibration_error(confidence, correct),
        "brier": brier(confidence, correct),
        "log_loss": log_loss(confidence, correct),
    }


def _correct(dev: DevScores, predicted: Sequence[Sequence[LabelledSpan]]) -> np.ndarray:
    pairs = zip(predicted, dev.gold, strict=True)
    return np.array([span in gold.spans for of_doc, gold in pairs for span in of_doc], dtype=bool)
