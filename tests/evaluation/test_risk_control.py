"""Thresholds that keep a recall or a precision: by hand, and on docs drawn at random."""

import numpy as np
import pytest

from spacy_ner_archs.evaluation.risk_control import (
    design_effect,
    fewest_gold,
    fewest_kept,
    needed_recall,
    precision_index,
    recall_index,
    share_p_value,
)

#: Two docs of 5 entities, and 18 of one: 28, of which a recall of .8 may miss
#: .2 * 28 - .8 * 5 = 1.6 along three thresholds.
GOLD = np.array([5, 5, *[1] * 18])


def missing(*totals):
    """Misses of the first doc only, along thresholds."""
    return np.array([totals, *[[0] * len(totals)] * 19])


@pytest.mark.parametrize(
    ("missed", "index"),
    [
        (missing(0, 1, 2), 1),
        (missing(0, 0, 1), 2),
        (missing(2, 3, 4), None),
        # lower thresholds miss more: the highest that is safe below it, too
        (missing(0, 2, 1), 0),
        (missing(2, 0, 0), None),
    ],
)
def test_recall_by_hand(missed, index):
    assert recall_index(missed, GOLD, 0.8) == index


def test_what_recall_needs():
    assert needed_recall(GOLD, 0.8) == pytest.approx(0.8 + 0.8 * 5 / 28)
    assert fewest_gold(GOLD, 0.8) == 20
    assert fewest_gold(np.array([1, 0]), 0.98) == 49
    assert recall_index(missing(0), np.array([5, 5, *[0] * 18]), 0.8) is None  # 10 of 20


def test_no_entities_show_no_recall():
    assert recall_index(np.zeros((3, 2)), np.zeros(3, int), 0.5) == 1
    assert fewest_gold(np.zeros(3, int), 0.5) == 1


@pytest.mark.parametrize(
    ("wrong", "n", "share", "p"),
    [
        (0, 10, 0.1, 0.9**10),
        (3, 200, 0.02, 0.4315),  # P(X <= 3)
        (2, 2, 0.5, 1.0),
        (0, 0, 0.5, 1.0),
    ],
)
def test_p_values_of_independent_entities_are_binomial(wrong, n, share, p):
    wrongs = np.arange(max(n, 1)) < wrong
    kept = np.ones(n, int) if n else np.zeros(1, int)
    assert share_p_value(wrongs, kept, share) == pytest.approx(p, abs=1e-9 if wrong == 0 else 0.01)


def test_entities_that_are_wrong_together_count_less():
    together, apart = np.array([4, 0, 0, 0]), np.array([1, 1, 1, 1])
    kept = np.full(4, 4)
    assert design_effect(together, kept) == pytest.approx(4 * 4 / 3)
    assert design_effect(apart, kept) == 1.0
    assert share_p_value(together, kept, 0.6) > share_p_value(apart, kept, 0.6)


def test_precision_by_hand():
    # 60 docs, one kept entity in each at the strictest threshold, four at the most lenient
    kept = np.tile([4, 3, 2, 1], (60, 1))
    wrong = np.zeros_like(kept)
    assert precision_index(wrong, kept, 0.95, 3) == 0
    wrong[:30, 0] = 1  # an eighth at the most lenient
    assert precision_index(wrong, kept, 0.95, 3) == 1
    wrong[:30, 2] = 1  # a quarter at a strict one
    assert precision_index(wrong, kept, 0.95, 3) == 3
    assert precision_index(wrong, kept, 0.95, 2) is None
    assert precision_index(wrong[:10], kept[:10], 0.95, 3) is None  # too few
    assert fewest_kept(0.95) == 45


def drawn_docs(rng, n_docs):
    """Docs whose entities are hard or easy together. Misses and wrong ones along 20 thresholds."""
    gold = rng.integers(0, 6, n_docs)
    hardness = rng.beta(0.3, 3, n_docs)
    thresholds = np.linspace(0.02, 1, 20)
    rates = hardness[:, None] ** (1 / (2 * thresholds))
    u = rng.random((n_docs, 6))
    there = np.arange(6) < gold[:, None]
    missed = ((u[..., None] < rates[:, None]) & there[..., None]).sum(1)
    wrong = missed[:, ::-1]
    return missed, wrong, gold


def test_the_recall_is_kept_in_expectation():
    rng = np.random.default_rng(0)
    missed, entities = 0, 0
    for _ in range(400):
        found, _, gold = drawn_docs(rng, 60)
        if (i := recall_index(found, gold, 0.8)) is not None:
            new, _, new_gold = drawn_docs(rng, 60)
            missed += new[:, i].sum()
            entities += new_gold.sum()
    assert 0.15 < missed / entities < 0.205


def test_the_precision_is_kept_with_confidence():
    rng = np.random.default_rng(0)
    _, many_wrong, many_gold = drawn_docs(rng, 20_000)
    risks = many_wrong.sum(0) / many_gold.sum()
    chosen = []
    for _ in range(200):
        _, wrong, gold = drawn_docs(rng, 200)
        kept = np.repeat(gold[:, None], 20, axis=1)
        chosen.append(precision_index(wrong, kept, 0.9, 19))
    broken = [i is not None and risks[i] > 0.1 for i in chosen]
    assert np.mean(broken) < 0.12
    assert sum(i is None for i in chosen) < 20
