"""Cutting docs into windows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_ner_archs.architectures.transformers.subword_windows import cut_windows


def cut(lengths, units=None, window=10, context=2):
    offsets = np.cumsum([0, *lengths])
    return cut_windows(units or [(0, len(lengths))], offsets, window, context)


def test_what_fits_is_one_window():
    assert cut([1, 2, 3, 4]) == [(0, 0, 4, 4)]


def test_what_does_not_fit_is_cut_evenly_and_read_with_its_neighbours():
    # 12 sub-words are two cores of 6, with 2 sub-words of the other beside each
    assert cut([1] * 12) == [(0, 0, 6, 8), (4, 6, 12, 12)]


def test_no_word_is_read_in_part():
    assert cut([3, 3, 3, 3]) == [(0, 0, 2, 2), (2, 2, 4, 4)]


def test_sentences_are_read_with_their_neighbours():
    sentences = [(0, 3), (3, 5), (5, 9)]
    assert cut([1] * 9, sentences, window=20, context=2) == [
        (0, 0, 3, 5),
        (1, 3, 5, 7),
        (3, 5, 9, 9),
    ]


@pytest.mark.parametrize("lengths", [[0, 0], [0, 12], [6] * 5, [1, 0, 6, 0, 1, 1, 6, 5]])
def test_words_without_sub_words_and_long_ones(lengths):
    assert [
        w for window in cut(lengths) for w in range(window.core_start, window.core_end)
    ] == list(range(len(lengths)))


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=60),
    st.lists(st.integers(1, 59), max_size=6),
    st.integers(0, 4),
    st.integers(16, 40),
)
def test_each_word_is_in_one_core_and_no_window_is_too_long(lengths, starts, context, window):
    bounds = sorted({0, len(lengths), *(start for start in starts if start < len(lengths))})
    units = list(pairwise(bounds))
    windows = cut(lengths, units, window, context)
    cores = [word for w in windows for word in range(w.core_start, w.core_end)]
    assert cores == list(range(len(lengths)))
    for start, core_start, core_end, end in windows:
        assert start <= core_start < core_end <= end
        assert sum(lengths[start:end]) <= window
        assert sum(lengths[start:core_start]) <= context
        assert sum(lengths[core_end:end]) <= context
        assert any(a <= core_start and core_end <= b for a, b in units)
