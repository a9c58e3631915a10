"""Which Docs are held out together, and who may judge them."""

from collections import Counter

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.experiments.folds import deal
from spacy_ner_archs.experiments.stratification import stratify

VOCAB = spacy.blank("en").vocab


def doc(*labels, starts=False, length=4):
    """A Doc of tokens with these labels, "" for none, and others up to its length."""
    tags = [f"B-{label}" if label else "O" for label in labels]
    tags += ["O"] * (length - len(tags))
    user_data = {DOCUMENT_START: True} if starts else {}
    return Doc(VOCAB, words=["word"] * length, ents=tags, user_data=user_data)


@pytest.mark.parametrize("n_folds", [2, 3, 5, 10])
@pytest.mark.parametrize("seed", [0, 1])
def test_each_fold_has_its_share_of_each_label(n_folds, seed):
    rng = np.random.default_rng(seed)
    shares = {"PER": 0.5, "LOC": 0.3, "RARE": 0.05}
    docs = [
        doc(*(label for label, share in shares.items() if rng.random() < share), length=length)
        for length in rng.integers(3, 20, size=400)
    ]
    folds = deal(docs, n_folds, seed)
    assert set(folds) == set(range(n_folds))
    for label in shares:
        counts = Counter(
            fold
            for one, fold in zip(docs, folds, strict=True)
            for e in one.ents
            if e.label_ == label
        )
        assert max(counts.values()) - min(counts[fold] for fold in range(n_folds)) <= 1
    sizes = np.bincount(folds, weights=[len(one) for one in docs])
    assert np.ptp(sizes) < 0.1 * sizes.mean()


@pytest.mark.parametrize(
    ("counts", "n_folds"),
    [
        ([[9], [1], [1]], 3),  # one has more than its share alone
        ([[0], [0], [0], [1]], 4),
        ([[1, 0], [1, 1], [0, 1], [5, 5], [0, 0]], 5),
    ],
)
def test_no_fold_is_empty(counts, n_folds):
    sizes = np.arange(1, len(counts) + 1)
    assert set(stratify(np.array(counts), sizes, n_folds, 0)) == set(range(n_folds))


def test_it_is_the_same_for_a_seed_and_another_for_another():
    docs = [doc("PER") for _ in range(40)]
    assert deal(docs, 4, 0) == deal(docs, 4, 0)
    assert deal(docs, 4, 0) != deal(docs, 4, 1)


@pytest.mark.parametrize("before", [0, 2])
def test_a_document_stays_together(before):
    """before: Docs in front of the first mark are a document, too."""
    docs = [doc("PER") for _ in range(before)]
    docs += [doc("LOC", starts=i % 3 == 0) for i in range(12)]
    folds = deal(docs, 3, 0)
    documents = [folds[:before]] * bool(before)
    documents += [folds[i : i + 3] for i in range(before, len(docs), 3)]
    assert all(len(set(document)) == 1 for document in documents)


@pytest.mark.parametrize(
    ("docs", "message"),
    [
        ([], "0 Docs can't be dealt into 3 folds"),
        ([doc("PER")] * 2, "2 Docs can't be dealt into 3 folds"),
        ([doc(starts=i in (0, 4)) for i in range(9)], "2 documents can't be dealt into 3 folds"),
    ],
)
def test_too_few_are_refused(docs, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        deal(docs, 3, 0)
