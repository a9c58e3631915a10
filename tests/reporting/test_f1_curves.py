import pytest

from spacy_ner_archs.reporting.f1_curves import F1AtShare, f1_curves, share_needed

CURVE = [
    F1AtShare(0.1, 0.5),
    F1AtShare(0.2, 0.9),
    F1AtShare(0.4, 0.8),
    F1AtShare(1.0, 1.0),
]


@pytest.mark.parametrize(
    ("f1", "share"), [(0.5, 0.1), (0.7, 0.15), (0.9, 0.2), (0.25, 0.1), (0.95, 0.85), (1.1, None)]
)
def test_the_share_that_is_needed(f1, share):
    assert share_needed(CURVE, f1) == pytest.approx(share)


def test_a_curve_for_each_name():
    curves = {"entropy": [CURVE, CURVE], "random": [CURVE[:2]]}
    svg = f1_curves(curves, "tokens annotated, %", 0.9)
    assert svg.startswith("<svg")
    for text in ("entropy", "random", "99 % of the F1 with all", "tokens annotated, %"):
        assert text in svg
    assert svg == f1_curves(curves, "tokens annotated, %", 0.9)


def test_no_goal():
    assert "of the F1 with all" not in f1_curves({"told": [CURVE]}, "entities dropped, %")
