from typing import NamedTuple

import numpy as np


class Calibration(NamedTuple):
    """How probabilities are corrected so that those of .9 are right nine times of ten.

    temperature: the decoder's potentials are divided by it (Guo et al. 2017).
    span_temperatures: of some labels; the log-odds of a span's probability are divided by it.
    """

    temperature: float = 1.0
    span_temperatures: dict[str, float] = {}  # noqa: RUF012

    def calibrate(self, probabilities: np.ndarray, labels: list[str]) -> np.ndarray:
        """Corrected probabilities of spans [S], from those at `temperature` and their labels."""
        if not self.span_temperatures:
            return probabilities
        return _scale_log_odds(probabilities, 1 / self._of_labels(labels))

    def uncalibrate(self, probability: float, label: str) -> float:
        """The inverse, of one probability."""
        return float(_scale_log_odds(np.array(probability), self._of_labels([label])[0]))

    def _of_labels(self, labels: list[str]) -> np.ndarray:
        return np.array([self.span_temperatures.get(label, 1.0) for label in labels])


def _scale_log_odds(probabilities: np.ndarray, factor: np.ndarray | float) -> np.ndarray:
    """p^f / (p^f + (1 - p)^f), which is p itself where f is 1."""
    is_for, is_against = probabilities**factor, (1 - probabilities) ** factor
    return is_for / (is_for + is_against)
