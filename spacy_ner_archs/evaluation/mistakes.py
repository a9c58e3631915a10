"""Which mistakes are frequent: texts that are wrong in one way, and ways in which many are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Most texts that a mistake is told with.
MOST_TEXTS = 3


@dataclass(frozen=True)
class WrongText:
    """How often a text was wrong in one way."""

    text: str
    kind: str
    gold: str
    predicted: str
    count: int


@dataclass(frozen=True)
class Mistake:
    """How many entities were wrong in one way. kind: of `ERROR_KINDS`. gold, predicted: labels, O
    for none. texts: up to `MOST_TEXTS` of the entities, the most frequent first."""

    kind: str
    gold: str
    predicted: str
    count: int
    texts: tuple[str, ...]


def wrong_texts(ways: Iterable[tuple[str, str, str, str]]) -> tuple[WrongText, ...]:
    """ways: text, kind, gold and predicted label of each wrong entity. The most frequent first."""
    by_count = sorted(Counter(ways).items(), key=lambda item: (-item[1], item[0]))
    return tuple(WrongText(*way, n) for way, n in by_count)


def mistakes_of(texts: Sequence[WrongText]) -> tuple[Mistake, ...]:
    """Each mistake once, the most frequent first. texts: the most frequent first."""
    grouped: dict[tuple[str, str, str], list[WrongText]] = {}
    for text in texts:
        grouped.setdefault((text.kind, text.gold, text.predicted), []).append(text)
    mistakes = [
        Mistake(*way, sum(text.count for text in of_way), _examples(of_way))
        for way, of_way in grouped.items()
    ]
    return tuple(sorted(mistakes, key=lambda each: (-each.count, each.kind, each.gold)))


def _examples(texts: Sequence[WrongText]) -> tuple[str, ...]:
    return tuple(text.text for text in texts[:MOST_TEXTS])
