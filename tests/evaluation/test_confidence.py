"""Confidence and thresholds, on probabilities whose right answers are written here."""

import pytest
from tagged import example, plain, predictions, report_of

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.decoders.entity import Entity as ScoredEntity
from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.probabilities import Probabilities

#: Right with .9; wrong with .6, where the gold one has .3; missed, with .2; spurious, with .8.
EXAMPLES = [
    example("B-PER O B-LOC", "B-PER O B-ORG", ["Ada", "in", "Rome"]),
    example("B-LOC O O", "O O B-PER", ["Oslo", "or", "May"]),
]
KNOWN = [
    {Entity(0, 1, "PER"): 0.9, Entity(2, 3, "ORG"): 0.6, Entity(2, 3, "LOC"): 0.3},
    {Entity(0, 1, "LOC"): 0.2, Entity(2, 3, "PER"): 0.8},
]


def probabilities(known):
    return [Probabilities([ScoredEntity(*e, p) for e, p in of.items()], of) for of in known]


def test_errors_have_the_probability_of_both_sides_and_a_verdict():
    report = report_of(EXAMPLES, probabilities=probabilities(KNOWN))
    first, second = report.errors.sentences
    assert [(e.kind, e.p_gold, e.p_predicted, e.verdict) for e in first.errors + second.errors] == [
        ("type", 0.3, 0.6, "close call"),
        ("missed", 0.2, pytest.approx(0.8), "plain mistake"),
        ("spurious", pytest.approx(0.2), 0.8, "plain mistake"),
    ]
    assert [(place.label, place.is_wrong, place.probability) for place in first.predicted] == [
        ("PER", False, 0.9),
        ("ORG", True, 0.6),
    ]
    assert first.tokens == ((0, 3), (4, 6), (7, 11))


def test_the_training_data_is_heard():
    train = [example("B-ORG O", "O O", ["Rome", "May"]).reference]
    report = report_of(EXAMPLES, train, probabilities=probabilities(KNOWN))
    verdicts = [error.verdict for s in report.errors.sentences for error in s.errors]
    assert verdicts == ["close call", "never seen", "plain mistake"]


def test_confidence_of_a_case_by_hand():
    confidence = report_of(EXAMPLES, probabilities=probabilities(KNOWN)).confidence
    assert confidence.errors.n_wrong == 2
    assert confidence.errors.right == 0.9
    assert confidence.errors.wrong == pytest.approx(0.7)
    assert confidence.errors.missed == pytest.approx((0.3 + 0.2) / 2)
    assert confidence.errors.share_sure == 0
    assert confidence.brier == pytest.approx((0.1**2 + 0.6**2 + 0.8**2) / 3)
    assert confidence.ece == pytest.approx((0.1 + 0.6 + 0.8) / 3)  # of one entity in each bin
    assert confidence.aurc == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    by_threshold = {t.threshold: t.scores for t in confidence.thresholds}
    assert (by_threshold[0.5].p, by_threshold[0.5].r) == pytest.approx((1 / 3, 1 / 3))
    assert (by_threshold[0.1].p, by_threshold[0.1].r) == pytest.approx((2 / 4, 2 / 3))
    assert (by_threshold[0.85].p, by_threshold[0.85].r) == pytest.approx((1, 1 / 3))
    assert (by_threshold[0.95].p, by_threshold[0.95].r) == (0, 0)
    assert confidence.best.scores.f == max(scores.f for scores in by_threshold.values())


def test_without_probabilities_there_is_no_confidence():
    report = report_of(EXAMPLES)
    assert report.confidence is None
    errors = [error for s in report.errors.sentences for error in s.errors]
    assert {(error.p_gold, error.p_predicted, error.verdict) for error in errors} == {
        (None, None, None)
    }


@pytest.mark.parametrize("one", [example("O B-PER", "O O"), example("O O", "O O")])
def test_nothing_predicted_has_no_confidence(one):
    assert report_of([one], probabilities=[Probabilities([], {})]).confidence is None


def test_sides_of_a_comparison_have_their_own():
    sides = (
        predictions(EXAMPLES, probabilities=probabilities(KNOWN)),
        predictions(EXAMPLES),
    )
    found = plain(compare(*sides, resamples=20))["confidence"]
    assert found["first"]["errors"]["wrong"] == pytest.approx(0.7)
    assert found["second"] is None
