from collections.abc import Callable
from typing import TypeVar

from spacy.tokens import Doc

from spacy_ner_archs.torch_layers.padding import batches_by_length
from spacy_ner_archs.torch_layers.threads import map_in_threads

Result = TypeVar("Result")

#: Tokens of a batch, padding included: enough to keep the processor busy, little enough to stay in
#: its cache.
MAX_PADDED_TOKENS = 4096
#: The same where several batches are computed at once: less, so that all threads get some.
MAX_PADDED_AT_ONCE = 1024


def map_batches(
    function: Callable[[list[int]], list[Result]],
    docs: list[Doc],
    empty: Callable[[], Result],
    *,
    at_once: bool,
) -> list[Result]:
    """What a function gives for the docs, in their order.

    function: from the indices of a batch of docs of like length to a result of each of them. empty:
    makes the result of a doc without tokens. at_once: compute several batches at the same time.
    """
    max_padded = MAX_PADDED_AT_ONCE if at_once else MAX_PADDED_TOKENS
    batches = list(batches_by_length([len(doc) for doc in docs], max_padded))
    results: list[Result | None] = [None] * len(docs)
    found = (map_in_threads if at_once else map)(function, batches)
    for batch, of_batch in zip(batches, found, strict=True):
        for i, result in zip(batch, of_batch, strict=True):
            results[i] = result
    return [
        result if result is not None and len(doc) else empty()
        for doc, result in zip(docs, results, strict=True)
    ]
