"""What spacy-transformers' listeners read. Imports it, so import this where it is needed only."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from spacy_transformers.data_classes import FullTransformerBatch, TransformerData, WordpieceBatch
from thinc.api import get_array_module, xp2torch
from thinc.types import Floats2d, Floats3d, Ragged
from transformers.file_utils import ModelOutput

from spacy_ner_archs.architectures.transformers.subword_tokenizer import Subwords


class SubwordBatch(FullTransformerBatch):
    """Vectors of the sub-words of some docs. Each doc's are one row, however many windows it was
    cut into: its `TransformerData` has arrays of [1, n, width]."""

    @classmethod
    def of_docs(cls, vectors: list[Floats2d], words: list[list[Subwords]]) -> "SubwordBatch":
        """vectors: of each doc's sub-words. words: sub-words of each doc's words."""
        batch = cast(SubwordBatch, cls.empty(len(words)))
        batch.cached_doc_data = [_doc_data(*doc) for doc in zip(vectors, words, strict=True)]
        return batch

    def unsplit_by_doc(self, arrays: Sequence[Sequence[Floats3d]]) -> "SubwordBatch":
        """Gradients of the docs to those of all sub-words [1, N, width]."""
        docs = zip(arrays, self.doc_data, strict=True)
        rows = [array for (array,), doc in docs if doc.align.lengths.any()]
        batch = cast(SubwordBatch, self.empty(0))
        if rows:
            xp = get_array_module(rows[0])
            batch.model_output["last_hidden_state"] = xp2torch(xp.concatenate(rows, axis=1))
        return batch


def _doc_data(vectors: Floats2d, words: list[Subwords]) -> TransformerData:
    lengths = np.array([len(word.ids) for word in words], dtype="i")
    strings = [string for word in words for string in word.strings]
    if not strings:  # listeners don't take a doc without sub-words
        xp = get_array_module(vectors)
        vectors = cast(Floats2d, xp.zeros((1, vectors.shape[1]), dtype="f"))
    ids = np.concatenate([np.zeros(0, dtype="int64"), *(word.ids for word in words)])[None]
    return TransformerData(
        wordpieces=WordpieceBatch(
            strings=[strings],
            input_ids=cast(Any, ids),
            attention_mask=cast(Any, np.ones_like(ids, dtype="f")),
            lengths=[len(strings)],
            token_type_ids=None,
        ),
        model_output=ModelOutput(last_hidden_state=cast(Any, vectors)[None]),
        align=Ragged(cast(Any, np.arange(len(strings), dtype="i")), cast(Any, lengths)),
    )
