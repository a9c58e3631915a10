"""What is taken for what."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from spacy_ner_archs.corpus.schemes import OUTSIDE

#: (gold, predicted) -> how often
Pairs = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Pattern:
    """A gold label that was taken for another, and how often."""

    gold: str
    predicted: str
    count: int


@dataclass(frozen=True)
class Confusion:
    """labels: of rows (gold) and columns (predicted), O last. counts: [labels, labels]. patterns:
    of labels that differ, the most frequent first."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    patterns: tuple[Pattern, ...]


def confusion_of(pairs: Pairs) -> Confusion:
    """A matrix of pairs."""
    labels = sorted({label for pair in pairs for label in pair}, key=lambda x: (x == OUTSIDE, x))
    counts = tuple(tuple(pairs[gold, found] for found in labels) for gold in labels)
    return Confusion(tuple(labels), counts, _patterns_of(pairs))


def _patterns_of(pairs: Pairs) -> tuple[Pattern, ...]:
    wrong = [(gold, found, n) for (gold, found), n in pairs.items() if gold != found]
    ordered = sorted(wrong, key=lambda pattern: (-pattern[2], pattern))
    return tuple(Pattern(*pattern) for pattern in ordered)


def shares_of(counts: np.ndarray) -> np.ndarray:
    """Each row's counts as shares of the row: float [labels, labels], 0 where it is empty."""
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def most_frequent(confusion: Confusion, n: int) -> tuple[list[str], np.ndarray]:
    """Labels and counts of the n most frequent gold labels at most, and all others as one, called
    *."""
    labels = list(confusion.labels)
    counts = np.array(confusion.counts, dtype="int64").reshape(len(labels), len(labels))
    if len(labels) <= n:
        return labels, counts
    frequent = np.sort(np.argsort(-counts.sum(axis=1), kind="stable")[:n])
    places = np.full(len(labels), n)
    places[frequent] = np.arange(n)
    grouped = np.zeros((n + 1, n + 1), dtype="int64")
    np.add.at(grouped, (places[:, None], places[None, :]), counts)
    return [*(labels[i] for i in frequent), "*"], grouped
