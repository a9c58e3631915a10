"""Temperatures that were put into predictions are found again."""

import numpy as np
import pytest

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.evaluation.calibration import log_loss
from spacy_ner_archs.evaluation.temperatures import fit_span_temperatures, fit_temperature


def drawn(rng, n, temperature):
    """Confidences whose log-odds must be divided by the temperature, and outcomes."""
    log_odds = rng.normal(2, 2, n)
    correct = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return 1 / (1 + np.exp(-log_odds * temperature)), correct


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_temperature_is_found_again(temperature):
    confidence, correct = drawn(np.random.default_rng(0), 20_000, temperature)

    def loss(t):
        scaled = Calibration(1.0, {"A": t}).calibrate(confidence, ["A"] * len(confidence))
        return log_loss(scaled, correct)

    assert fit_temperature(loss) == pytest.approx(temperature, rel=0.05)


def test_only_labels_that_need_one_get_one():
    rng = np.random.default_rng(0)
    parts = [drawn(rng, 2000, temperature) for temperature in (1.0, 2.0, 0.5)]
    confidence, correct = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    labels = np.repeat(["fine", "bold", "shy"], 2000)
    found = fit_span_temperatures(confidence, correct, labels, np.arange(6000))
    assert found == {"bold": pytest.approx(2, rel=0.1), "shy": pytest.approx(0.5, rel=0.1)}


def test_one_doc_shows_nothing():
    confidence, correct = drawn(np.random.default_rng(0), 100, 3.0)
    docs = np.zeros(100, dtype=int)
    assert fit_span_temperatures(confidence, correct, np.repeat(["A"], 100), docs) == {}
