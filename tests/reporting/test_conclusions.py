"""What a report and a comparison come to, in words."""

import pytest
from tagged import example, predictions, report_of

from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.mistakes import Mistake
from spacy_ner_archs.reporting.conclusions import (
    comparison_headline,
    mistake_lines,
    mistake_words,
)

RIGHT, WRONG = example("B-LOC O", "B-LOC O"), example("B-LOC O", "O O")


@pytest.mark.parametrize(
    ("kind", "gold", "predicted", "words"),
    [
        ("missed", "LOC", "O", "LOC not predicted"),
        ("spurious", "O", "LOC", "LOC predicted where nothing is gold"),
        ("boundary", "LOC", "LOC", "LOC with wrong boundaries"),
        ("type", "LOC", "ORG", "ORG predicted where LOC is gold"),
        ("both", "LOC", "ORG", "ORG predicted where LOC is gold, with other boundaries"),
    ],
)
def test_each_mistake_has_words(kind, gold, predicted, words):
    assert mistake_words(Mistake(kind, gold, predicted, 1, ())) == words


def test_the_most_frequent_mistakes_come_first():
    wrong_label = example("B-LOC O", "B-ORG O", ["Rome", "fell"])
    report = report_of([WRONG, wrong_label, wrong_label])
    assert mistake_lines(report) == [
        "2 of 3 errors: ORG predicted where LOC is gold, such as Rome",
        "1 of 3 errors: LOC not predicted, such as w0",
    ]
    assert mistake_lines(report_of([RIGHT])) == []


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("en_a", "runs/b"), ("en_a", "b")),
        (("runs/a/model-best/", "runs/b/model-best"), ("a/model-best", "b/model-best")),
        (("en_a", "wheels/en_a"), ("en_a", "wheels/en_a")),
        (("/", "b"), ("/", "b")),
    ],
)
def test_pipelines_have_short_names_that_differ(names, shown):
    sides = (predictions([RIGHT], name) for name in names)
    assert compare(*sides, resamples=20).shown_names == shown


@pytest.mark.parametrize(
    ("first", "second", "n", "words"),
    [
        (RIGHT, WRONG, 1, "a has a higher F1 than b: 100.00 and 0.00"),
        (WRONG, RIGHT, 12, "b has a higher F1 than a: 100.00 and 0.00; the difference is signif"),
        (RIGHT, RIGHT, 12, "a and b have the same F1, 100.00"),
    ],
)
def test_a_comparison_says_which_is_better(first, second, n, words):
    sides = (predictions([first] * n, "a"), predictions([second] * n, "b"))
    assert comparison_headline(compare(*sides, resamples=100)).startswith(words)
