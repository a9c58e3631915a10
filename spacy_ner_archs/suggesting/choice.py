"""What is worth most, without the same doubt again and again."""

import heapq
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

Item = TypeVar("Item")

#: What a doubt is worth, relative to the last time, once something with it has been chosen.
REPEATED = 0.5


class Option(NamedTuple, Generic[Item]):
    """Something that can be chosen.

    number: its place in the input, from 0; of two options that are worth the same the first is
    chosen. value: what it is worth, 0 or more. doubts: what it is worth that for, and how much of
    it.
    """

    item: Item
    number: int
    value: float
    doubts: Mapping[Any, float]


class Shortlist(Generic[Item]):
    """The most valuable options of a stream, each once. Its size bounds the memory."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._heap: list[tuple[float, int, Hashable, Option[Item]]] = []
        self._keys: set[Hashable] = set()

    def add(self, key: Hashable, value: float, make: Callable[[], Option[Item]]) -> None:
        """key: what makes two options the same. make: is called for an option that is taken."""
        is_full = len(self._heap) == self.size
        if key in self._keys or (is_full and value <= self._heap[0][0]):
            return
        if is_full:
            self._keys.remove(heapq.heappop(self._heap)[2])
        option = make()
        self._keys.add(key)
        heapq.heappush(self._heap, (value, -option.number, key, option))

    def __iter__(self) -> Iterator[Option[Item]]:
        """In the order of the input."""
        return iter(sorted((entry[-1] for entry in self._heap), key=lambda option: option.number))


def by_gain(
    options: Iterable[Option[Item]], repeated: float = REPEATED
) -> Iterator[tuple[Option[Item], float]]:
    """The options, the best first, with their gains: the value, of which a doubt's share is
    multiplied by `repeated` for each option before that has the doubt, too.

    Greedy: as gains only fall, an old gain is a bound, and few have to be computed again at each
    step (Minoux 1978, "Accelerated greedy algorithms for maximizing submodular set functions").
    """
    seen: Counter[Hashable] = Counter()
    heap = [(-option.value, option.number, option) for option in options]
    heapq.heapify(heap)
    while heap:
        _, number, option = heapq.heappop(heap)
        gain = option.value * _share_left(option.doubts, seen, repeated)
        if heap and (-gain, number) > heap[0][:2]:
            heapq.heappush(heap, (-gain, number, option))
            continue
        seen.update(option.doubts.keys())
        yield option, gain


def _share_left(
    doubts: Mapping[Any, float], seen: Mapping[Hashable, int], repeated: float
) -> float:
    total = sum(doubts.values())
    if not total:
        return 1.0
    return sum(doubt * repeated ** seen[key] for key, doubt in doubts.items()) / total
