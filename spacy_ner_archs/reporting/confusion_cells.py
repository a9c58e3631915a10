"""A confusion of entities as the cells of a table."""

from dataclasses import dataclass

from spacy_ner_archs.evaluation.confusion import Confusion, most_frequent, shares_of
from spacy_ner_archs.reporting.tables import Choice

#: Most labels of a table; the others are one.
MOST_LABELS = 20


@dataclass(frozen=True)
class Cell:
    """count: how often. share: of its row, 0 to 1. choice: the wrong entities that it counts; None
    where they can't be told apart from right ones, or from those of other labels."""

    count: int
    share: float
    choice: Choice | None


def confusion_cells(confusion: Confusion) -> tuple[list[str], list[list[Cell]]]:
    """Labels, and a row of cells for each gold label."""
    labels, counts = most_frequent(confusion, MOST_LABELS)
    shares = shares_of(counts)
    rows = [
        [
            Cell(int(counts[i, j]), float(shares[i, j]), _choice(confusion, gold, predicted))
            for j, predicted in enumerate(labels)
        ]
        for i, gold in enumerate(labels)
    ]
    return labels, rows


def _choice(confusion: Confusion, gold: str, predicted: str) -> Choice | None:
    is_known = gold in confusion.labels and predicted in confusion.labels
    return {"gold": gold, "predicted": predicted} if is_known and gold != predicted else None
