"""How long docs are cut into windows that a transformer can read."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spacy_ner_archs.architectures.transformers.subword_tokenizer import Subwords


class Window(NamedTuple):
    """Words start to end are read; the vectors of core_start to core_end are taken from here."""

    start: int
    core_start: int
    core_end: int
    end: int


def cut_windows(
    units: Iterable[tuple[int, int]], offsets: np.ndarray, window: int, context: int
) -> list[Window]:
    """Cut the words of a doc so that each of them is in exactly one window's core.

    units: words (start, end) of the doc's parts that are labelled in one go: itself, or its
    sentences. offsets: first sub-word of each word, and behind them the number of all [n + 1].
    window: sub-words of a window at most, without special ones. context: sub-words that a window
    reads on either side of its core at most, of the same doc. No word has more than
    window - 2 * context sub-words.
    """
    return [
        _with_context(core, offsets, window, context)
        for unit in units
        for core in _cut(unit, offsets, window, context)
    ]


def _cut(
    unit: tuple[int, int], offsets: np.ndarray, window: int, context: int
) -> Iterable[tuple[int, int]]:
    """A unit that a window can hold, whole; else parts of about the same size that leave room for
    the context."""
    start, end = unit
    total = offsets[end] - offsets[start]
    if total <= window:
        yield unit
        return
    room = window - 2 * context
    even = -(-total // -(-total // room))
    while start < end:
        stop = _last_within(offsets, offsets[start] + even, end)
        if stop == start:  # a single word that is longer than the even share
            stop += 1
        yield start, stop
        start = stop


def _with_context(core: tuple[int, int], offsets: np.ndarray, window: int, context: int) -> Window:
    start, end = core
    spare = min(context, (window - int(offsets[end] - offsets[start])) // 2)
    left = int(np.searchsorted(offsets, offsets[start] - spare))
    right = _last_within(offsets, offsets[end] + spare, len(offsets) - 1)
    return Window(left, start, end, right)


def _last_within(offsets: np.ndarray, limit: int, end: int) -> int:
    """The last word boundary, up to `end`, that is at most `limit`."""
    return min(int(np.searchsorted(offsets, limit, side="right")) - 1, end)


def windows_of_doc(
    words: list[Subwords],
    units: Iterable[tuple[int, int]],
    special_ids: tuple[np.ndarray, np.ndarray],
    window: int,
    context: int,
) -> Iterable[tuple[Tensor, slice]]:
    """The ids of each window of a doc, with the special ones around them, and the part of them
    that is its core."""
    before, behind = special_ids
    ids = np.concatenate([word.ids for word in words])
    offsets = np.cumsum([0, *(len(word.ids) for word in words)])
    for start, core_start, core_end, end in cut_windows(units, offsets, window, context):
        first = len(before) - offsets[start]
        read = np.concatenate([before, ids[offsets[start] : offsets[end]], behind])
        core = slice(int(first + offsets[core_start]), int(first + offsets[core_end]))
        if core.start < core.stop:
            yield torch.from_numpy(read), core
