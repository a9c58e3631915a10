"""What is taken for what."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from spacy_ner_archs.corpus.schemes import OUTSIDE

#: (gold, predicted) -> how often
Pairs = Counter[tuple[str, str]]


class Confusion(NamedTuple):
    """labels: of rows (gold) and columns (predicted), O last. counts: int [labels, labels]."""

    labels: list[str]
    counts: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Each row's counts as shares of the row: float [labels, labels], 0 where it is empty."""
        return self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)


def confusion_of(pairs: Pairs) -> Confusion:
    """A matrix of pairs."""
    labels = sorted({label for pair in pairs for label in pair}, key=lambda x: (x == OUTSIDE, x))
    counts = [[pairs[gold, predicted] for predicted in labels] for gold in labels]
    return Confusion(labels, np.array(counts, dtype="int64").reshape(len(labels), len(labels)))


def patterns_of(pairs: Pairs) -> list[tuple[str, str, int]]:
    """Gold, predicted and count of the pairs that differ, the most frequent first."""
    wrong = [(gold, found, n) for (gold, found), n in pairs.items() if gold != found]
    return sorted(wrong, key=lambda pattern: (-pattern[2], pattern))


def most_frequent(confusion: Confusion, n: int) -> Confusion:
    """The same with the n most frequent gold labels at most, and all others as one, called *."""
    labels, counts = confusion
    if len(labels) <= n:
        return confusion
    frequent = np.sort(np.argsort(-counts.sum(axis=1), kind="stable")[:n])
    places = np.full(len(labels), n)
    places[frequent] = np.arange(n)
    grouped = np.zeros((n + 1, n + 1), dtype="int64")
    np.add.at(grouped, (places[:, None], places[None, :]), counts)
    return Confusion([*(labels[i] for i in frequent), "*"], grouped)
