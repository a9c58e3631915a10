import random

import pytest

from spacy_ner_archs.suggesting.choice import Option, Shortlist, by_gain

#: Values, the doubts of each option, the worth of a repeated doubt; which are chosen, and gains.
CHOICES = {
    "by value": ([1, 3, 2], [{}, {}, {}], 0.5, [(1, 3), (2, 2), (0, 1)]),
    "the first of two that are alike": ([1, 1], [{}, {}], 0.5, [(0, 1), (1, 1)]),
    "a repeated doubt is worth less": (
        [4, 3, 2],
        [{"a": 1}, {"a": 1}, {"b": 1}],
        0.5,
        [(0, 4), (2, 2), (1, 1.5)],
    ),
    "less each time": (
        [4, 4, 4],
        [{"a": 1}, {"a": 1}, {"a": 1}],
        0.5,
        [(0, 4), (1, 2), (2, 1)],
    ),
    "its share alone": (
        [4, 4],
        [{"a": 1}, {"a": 1, "b": 3}],
        0.0,
        [(0, 4), (1, 3)],
    ),
    "or as much": ([4, 3, 2], [{"a": 1}] * 3, 1.0, [(0, 4), (1, 3), (2, 2)]),
    "nothing": ([], [], 0.5, []),
}


@pytest.mark.parametrize("name", CHOICES)
def test_what_is_chosen(name):
    values, doubts, repeated, expected = CHOICES[name]
    options = [
        Option(i, i, value, doubt)
        for i, (value, doubt) in enumerate(zip(values, doubts, strict=True))
    ]
    for order in (options, options[::-1]):
        found = [(option.item, gain) for option, gain in by_gain(order, repeated)]
        assert found == expected


def test_lazily_is_as_good_as_greedily():
    draw = random.Random(0)
    options = [
        Option(i, i, draw.random(), {draw.choice("abcdef"): draw.random() for _ in range(3)})
        for i in range(60)
    ]
    found = [option.item for option, _ in by_gain(options)]
    assert found == greedy(options)


def greedy(options):
    """Every gain anew at each step."""
    left, seen, chosen = list(options), dict.fromkeys("abcdef", 0), []

    def gain(option):
        total = sum(option.doubts.values())
        share = sum(doubt * 0.5 ** seen[key] for key, doubt in option.doubts.items()) / total
        return option.value * share

    while left:
        best = max(left, key=lambda option: (gain(option), -option.number))
        left.remove(best)
        chosen.append(best.item)
        for key in best.doubts:
            seen[key] += 1
    return chosen


@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_shortlist_keeps_the_best_once(size):
    shortlist, made = Shortlist(size), []

    def offer(number, key, value):
        def make():
            made.append(key)
            return Option(key, number, value, {})

        shortlist.add(key, value, make)

    offers = [("a", 2), ("b", 1), ("c", 5), ("a", 2), ("d", 4), ("b", 1), ("e", 2), ("c", 5)]
    for number, (key, value) in enumerate(offers):
        offer(number, key, value)
    best = {1: "c", 3: "acd", 10: "abcde"}[size]
    assert [option.item for option in shortlist] == list(best)
    assert "".join(made) == {1: "ac", 3: "abcd", 10: "abcde"}[size]
