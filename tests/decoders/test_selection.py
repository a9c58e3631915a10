import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import select


def overlap(one, other):
    return one.start < other.end and other.start < one.end


def gain(entities, threshold):
    return sum(e.score - threshold.get(e.label, 0.5) for e in entities)


candidates = st.lists(
    st.builds(
        lambda start, length, label, score: Entity(start, start + length, label, score / 64),
        st.integers(0, 7),
        st.integers(1, 4),
        st.sampled_from("AB"),
        st.integers(0, 64),
    ),
    max_size=8,
    unique_by=lambda e: e[:3],
)


@given(candidates, st.fixed_dictionaries({"A": st.sampled_from([0.0, 0.125, 0.5, 0.875, 1.0])}))
def test_no_set_without_overlap_gains_more(candidates, threshold):
    """Against all subsets."""
    found = select(candidates, threshold)
    assert not any(overlap(a, b) for a, b in itertools.combinations(found, 2))
    assert set(found) <= set(candidates)
    best = max(
        gain(subset, threshold)
        for n in range(len(candidates) + 1)
        for subset in itertools.combinations(candidates, n)
        if not any(overlap(a, b) for a, b in itertools.combinations(subset, 2))
    )
    assert gain(found, threshold) == best


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [(0.02, [(0, 1), (1, 3), (4, 5)]), (0.5, [(0, 3), (4, 5)]), (0.65, [(4, 5)]), (1.0, [])],
)
def test_a_low_threshold_finds_and_a_high_one_keeps(threshold, expected):
    found = [(0, 1, 0.35), (0, 3, 0.6), (1, 3, 0.3), (4, 5, 0.7)]
    candidates = [Entity(start, end, "A", score) for start, end, score in found]
    assert [(e.start, e.end) for e in select(candidates, threshold)] == expected
