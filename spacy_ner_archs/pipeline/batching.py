from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TypeVar

from spacy.tokens import Doc

from spacy_ner_archs.torch_layers.padding import batches_by_length
from spacy_ner_archs.torch_layers.threads import MOST_THREADS, number_of_threads, start_in_threads

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Tokens of a batch, padding included: enough to keep the processor busy, little enough to stay in
#: its cache.
MAX_PADDED_TOKENS = 4096
#: What is enough where there are more threads than batches of that size.
MIN_PADDED_TOKENS = 512


def start_batches(
    function: Callable[[list[int]], list[Result]],
    docs: list[Doc],
    empty: Callable[[], Result],
    *,
    at_once: bool,
) -> Callable[[], list[Result]]:
    """Start to compute what a function gives for docs. What comes back waits for the last of it,
    and gives the results in the docs' order.

    function: from the indices of a batch of docs of like length to a result of each of them. empty:
    makes the result of a doc without tokens. at_once: compute several batches at the same time.
    """
    lengths = [len(doc) for doc in docs]
    max_padded = _max_padded_at_once(sum(lengths)) if at_once else MAX_PADDED_TOKENS
    batches = list(batches_by_length(lengths, max_padded))
    compute = start_in_threads if at_once else _compute_here
    return partial(_in_order, batches, compute(function, batches), lengths, empty)


def _compute_here(
    function: Callable[[list[int]], list[Result]], batches: list[list[int]]
) -> Callable[[], list[list[Result]]]:
    results = [function(batch) for batch in batches]
    return lambda: results


def _in_order(
    batches: list[list[int]],
    wait_for: Callable[[], list[list[Result]]],
    lengths: list[int],
    empty: Callable[[], Result],
) -> list[Result]:
    found = dict(zip(chain(*batches), chain(*wait_for()), strict=True))
    return [found[i] if length else empty() for i, length in enumerate(lengths)]


def one_ahead(
    start: Callable[[Item], Callable[[], Result]], items: Iterable[Item]
) -> Iterator[Callable[[], Result]]:
    """What `start` gives for each item, each when the next item has been started, too. If an item
    can't be read, that is raised after those before it; and when this is closed, all that was
    started has ended."""
    waiting: list[Callable[[], Result]] = []
    try:
        for item in items:
            waiting.append(start(item))
            if len(waiting) > 1:
                yield waiting.pop(0)
    except Exception:
        while waiting:
            yield waiting.pop(0)
        raise
    else:
        while waiting:
            yield waiting.pop(0)
    finally:
        for wait_for in waiting:
            with suppress(Exception):
                wait_for()


def _max_padded_at_once(n_tokens: int) -> int:
    """Two batches for each of several threads at least, so that none waits long for the others."""
    n_threads = number_of_threads()
    if n_threads == 1:
        return MAX_PADDED_TOKENS
    share = n_tokens // (2 * min(n_threads, MOST_THREADS))
    return min(max(share, MIN_PADDED_TOKENS), MAX_PADDED_TOKENS)
