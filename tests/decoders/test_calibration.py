import numpy as np
import pytest

from spacy_ner_archs.decoders.calibration import Calibration

PROBABILITIES = np.array([0.0, 1e-6, 0.2, 0.5, 0.9, 1.0])


def test_without_span_temperatures_probabilities_stay():
    same = Calibration(2.0).calibrate(PROBABILITIES, ["A"] * 6)
    np.testing.assert_array_equal(same, PROBABILITIES)


def test_log_odds_are_divided_by_the_temperature_of_the_label():
    calibration = Calibration(1.0, {"A": 2.0})
    found = calibration.calibrate(np.array([0.9, 0.9]), ["A", "B"])
    assert np.log(found[0] / (1 - found[0])) == pytest.approx(np.log(9) / 2)
    assert found[1] == pytest.approx(0.9)


def test_the_inverse_gives_back_what_was_there():
    calibration = Calibration(1.0, {"A": 1.7})
    found = calibration.calibrate(PROBABILITIES, ["A"] * 6)
    back = [calibration.uncalibrate(p, "A") for p in found]
    np.testing.assert_allclose(back, PROBABILITIES, rtol=1e-9)
