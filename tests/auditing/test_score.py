"""How much an annotation is to be doubted."""

from math import log

import pytest

from spacy_ner_archs.auditing.score import Contradictions, DoubtScale, sentence_score, surprise

FEW = Contradictions(missing=10, all=1000)


def test_an_unsure_judge_is_less_surprised():
    assert surprise(1.0, 0.3) == 0
    assert surprise(0.1, 0.95) == pytest.approx(log(10))
    assert surprise(0.1, 0.0) > surprise(0.1, 0.5) > surprise(0.5, 0.5) > 0
    assert surprise(0.0, 0.0) < 1000


def test_surprises_count_relative_to_what_is_usual_for_the_label():
    scale = DoubtScale({"EASY": [0.0] * 300 + [0.5] * 10, "HARD": [2.0] * 100}, 0.7, FEW)
    easy, hard, outside = (scale.score(label, 3.0) for label in ("EASY", "HARD", "O"))
    assert 1 > easy > outside > hard > 0
    assert scale.score("HARD", 9.0) > hard


def test_what_is_usual_counts_less_where_judges_disagree():
    surprises = {"EASY": [0.5] * 300, "HARD": [2.0] * 100}
    agree, disagree, never = (DoubtScale(surprises, each, FEW) for each in (0.8, 0.4, 0.0))
    assert agree.score("HARD", 2.0) < disagree.score("HARD", 2.0)
    assert agree.score("EASY", 2.0) > disagree.score("EASY", 2.0)
    assert never.score("EASY", 2.0) == never.score("HARD", 2.0)
    assert 0 < DoubtScale(surprises, 1.0, FEW).score("HARD", 2.0) < agree.score("HARD", 2.0)


def test_missing_entities_count_more_where_they_are_frequent():
    surprises = {"A": [1.0] * 100}
    scores = [
        DoubtScale(surprises, 0.7, Contradictions(missing, 1000)).score("O", 2.0)
        for missing in (0, 50, 100, 300)
    ]
    assert scores[0] == scores[1] == DoubtScale(surprises, 0.7, FEW).score("A", 2.0)
    assert scores[1] < scores[2] < scores[3]


def test_a_rare_label_is_as_all_are():
    often = {"A": [1.0] * 500, "B": [3.0] * 500}
    scale = DoubtScale({**often, "RARE": [30.0]}, 0.7, FEW)
    assert scale.score("A", 2.0) > scale.score("RARE", 2.0)
    alone = DoubtScale({**often, "RARE": [30.0] * 500}, 0.7, FEW)
    assert scale.score("RARE", 2.0) > 2 * alone.score("RARE", 2.0)


def test_a_corpus_without_entities():
    assert 0 < DoubtScale({}, 0.0, Contradictions(0, 0)).score("O", 1.0) < 1


@pytest.mark.parametrize(("scores", "expected"), [([], 0), ([0.5], 0.5), ([0.5, 0.5], 0.75)])
def test_sentence_score(scores, expected):
    assert sentence_score(scores) == expected
