"""Figures of calibration, worked out by hand."""

import numpy as np
import pytest

from spacy_ner_archs.evaluation.calibration import (
    aurc,
    brier,
    expected_calibration_error,
    log_loss,
    reliability,
    risk_coverage,
)

#: Confidences, outcomes, and: ECE of two bins, Brier, log loss, AURC.
ROWS = {
    # bins (.2, .4 | .6, .8) with accuracies 0 and 1: (|.3 - 0| + |.7 - 1|) / 2
    "doubtful": ([0.8, 0.2, 0.6, 0.4], [1, 0, 1, 0], 0.3, 0.1, 0.36698, (0 + 0 + 1 / 3 + 0.5) / 4),
    # the most confident is wrong
    "wrong": ([0.9, 0.5], [0, 1], 0.7, (0.81 + 0.25) / 2, (2.302585 + 0.693147) / 2, 0.75),
    # equal confidences stay together: one bin, one threshold
    "equal": ([0.5, 0.5, 0.5, 0.5], [1, 1, 0, 1], 0.25, 0.25, 0.693147, 0.25),
    "certain and right": ([1.0, 0.0], [1, 0], 0.0, 0.0, 0.0, 0.25),
    "certain and wrong": ([1.0], [0], 1.0, 1.0, 27.631, 1.0),
}


@pytest.mark.parametrize("name", ROWS)
def test_figures(name):
    confidence, correct, *expected = ROWS[name]
    given = np.array(confidence), np.array(correct, dtype=bool)
    found = [
        expected_calibration_error(*given, bins=2),
        *(f(*given) for f in (brier, log_loss, aurc)),
    ]
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("name", ROWS)
def test_the_order_of_predictions_does_not_matter(name):
    confidence, correct = map(np.array, ROWS[name][:2])
    for f in (expected_calibration_error, brier, log_loss, aurc):
        assert f(confidence, correct) == pytest.approx(f(confidence[::-1], correct[::-1]))


def test_bins_have_equal_mass():
    confidence = np.array([0.1, 0.2, 0.3, 0.5, 0.9, 1.0])
    found = reliability(confidence, np.array([0, 0, 1, 0, 1, 1]), bins=3)
    np.testing.assert_allclose(found.confidence, [0.15, 0.4, 0.95])
    np.testing.assert_allclose(found.accuracy, [0, 0.5, 1])
    assert found.size.tolist() == [2, 2, 2]


def test_fewer_predictions_than_bins_leave_none_empty():
    assert reliability(np.array([0.2, 0.7]), np.array([0, 1])).size.tolist() == [1, 1]


def test_the_curve_of_risk_and_coverage():
    curve = risk_coverage(np.array([0.5, 0.9, 0.5, 0.2]), np.array([0, 1, 1, 0]))
    np.testing.assert_allclose(curve.coverage, [0.25, 0.75, 0.75, 1])
    np.testing.assert_allclose(curve.risk, [0, 1 / 3, 1 / 3, 0.5])


@pytest.mark.parametrize("f", [reliability, brier, log_loss, aurc])
def test_no_predictions_have_no_figure(f):
    with pytest.raises(ValueError, match="no predictions"):
        f(np.zeros(0), np.zeros(0))
