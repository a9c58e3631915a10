"""Counts, intervals and comparisons."""

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example

from spacy_ner_archs.evaluation.counts import entity_counts
from spacy_ner_archs.evaluation.scores import f1, scores_of
from spacy_ner_archs.evaluation.significance import f1_difference, f1_interval

NLP = spacy.blank("en")


def doc_of(kinds):
    """A word for each kind: "A" or "B" for an entity, "-" for missing annotation, "." for none."""
    doc = Doc(NLP.vocab, words=[f"w{i}" for i in range(len(kinds))])
    spans = [Span(doc, i, i + 1, label=kind) for i, kind in enumerate(kinds) if kind in "AB"]
    missing = [Span(doc, i, i + 1) for i, kind in enumerate(kinds) if kind == "-"]
    doc.set_ents(spans, missing=missing, default="outside")
    return doc


def examples_of(*pairs):
    return [Example(doc_of(predicted), doc_of(gold)) for predicted, gold in pairs]


def test_counts_of_a_case_by_hand():
    examples = examples_of(("AB.A", "AA.-"), ("..", ".B"), ("", ""))
    counts = entity_counts(examples)
    assert counts["A"].tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]  # the last A isn't annotated
    assert counts["B"].tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_other_tokens_count_as_in_spacy():
    predicted = Doc(NLP.vocab, words=["New", "York-", "based"], spaces=[True, False, False])
    predicted.set_ents([Span(predicted, 0, 2, label="A")])
    gold = Doc(NLP.vocab, words=["New", "York", "-", "based"], spaces=[True, False, False, False])
    gold.set_ents([Span(gold, 0, 3, label="A")])
    assert entity_counts([Example(predicted, gold)])["A"].tolist() == [[1, 0, 0]]


words = st.text("AB.-", min_size=1, max_size=6)


@given(st.lists(st.tuples(words, words).filter(lambda pair: len(pair[0]) == len(pair[1]))))
@settings(max_examples=60, deadline=None)
def test_totals_are_spacys(pairs):
    examples = examples_of(*((p.replace("-", "."), g) for p, g in pairs))
    counts = entity_counts(examples)
    total = sum((c.sum(0) for c in counts.values()), np.zeros(3, dtype="int64"))
    scores = get_ner_prf(examples)
    assert f1(total) == pytest.approx(scores["ents_f"] or 0.0, abs=1e-9)
    assert scores_of(total).f == pytest.approx(scores["ents_f"] or 0.0, abs=1e-9)
    for label, prf in (scores["ents_per_type"] or {}).items():
        of_label = counts.get(label, np.zeros((1, 3)))  # none where annotation is missing
        assert f1(of_label.sum(0)) == pytest.approx(prf["f"], abs=1e-9)


def simulated(rng, n, recall, precision):
    """Examples of five gold entities each."""
    tp = rng.binomial(5, recall, n)
    fp = rng.binomial(5, 1 - precision, n)
    return np.stack([tp, fp, 5 - tp], axis=1)


def test_intervals_hold_the_true_score_as_often_as_they_should():
    rng = np.random.default_rng(0)
    true = f1(np.array([5 * 0.8, 5 * 0.1, 5 * 0.2]))
    held = 0
    for i in range(200):
        low, high = f1_interval(simulated(rng, 200, 0.8, 0.9), resamples=300, seed=i)
        held += low <= true <= high
    assert 0.90 <= held / 200 <= 0.985  # of 95 %


def test_a_large_difference_is_told_from_none():
    rng = np.random.default_rng(0)
    base = simulated(rng, 300, 0.7, 0.9)
    better = simulated(rng, 300, 0.9, 0.9)
    difference = f1_difference(better, base)
    assert difference.f1 == pytest.approx(float(f1(better.sum(0)) - f1(base.sum(0))))
    assert 0 < difference.interval.low < difference.f1 < difference.interval.high
    assert max(difference.p_bootstrap, difference.p_randomisation) < 0.01
    same = f1_difference(base, base)
    assert same == (0.0, (0.0, 0.0), 1.0, 1.0)


def test_differences_by_chance_are_rarely_called_significant():
    rng = np.random.default_rng(1)
    p_values = []
    for i in range(100):
        pair = (simulated(rng, 100, 0.8, 0.9), simulated(rng, 100, 0.8, 0.9))
        p_values.append(f1_difference(*pair, resamples=200, seed=i)[2:])
    for share in (np.array(p_values) < 0.05).mean(0):
        assert share <= 0.11


def test_too_few_examples_have_no_interval():
    one = np.array([[1, 0, 0]])
    assert f1_interval(np.zeros((0, 3), dtype="int64")) is None
    assert f1_interval(np.repeat(one, 9, axis=0)) is None
    assert f1_interval(np.repeat(one, 10, axis=0)) == (1.0, 1.0)
    assert f1_difference(one, one - one) == (1.0, None, None, None)


def test_resamples_without_entities_do_not_count():
    """Fifteen right entities in a thousand docs: a score of 0 would be nonsense."""
    counts = np.zeros((1000, 3), dtype="int64")
    counts[:15, 0] = 1
    assert f1_interval(counts) == (1.0, 1.0)


def test_randomisation_is_that_of_all_ways_to_swap():
    """Of ten examples, where one system is right, and the other in three of them."""
    right, wrong = np.array([[1, 0, 0]]), np.array([[0, 0, 1]])
    first = np.repeat(right, 10, axis=0)
    second = np.concatenate([np.repeat(right, 3, axis=0), np.repeat(wrong, 7, axis=0)])
    # of the 2 ** 7 ways to swap what differs, two are as far from 0: all of it, and nothing
    expected = 2 / 2**7
    found = f1_difference(first, second, resamples=20_000)
    assert found.p_randomisation == pytest.approx(expected, rel=0.15)
