"""The sentences of a file that has been read, in columns."""

from dataclasses import dataclass

import numpy as np

from spacy_ner_archs.corpus.retag import Tags
from spacy_ner_archs.corpus.rows import DOCUMENT, Rows, Token


@dataclass(frozen=True)
class Sentences:
    """A file's sentences, in order.

    tokens (list[Token]): The distinct tokens, by their numbers. Their tags are the file's.
    rows (numpy.ndarray): Numbers of tokens and breaks.
    tags (Tags): IOB2 tags of the rows.
    starts, ends (numpy.ndarray): Rows: a sentence's first, and the one after its last.
    documents (numpy.ndarray): How many document lines stand before each sentence.
    """

    tokens: list[Token]
    rows: np.ndarray
    tags: Tags
    starts: np.ndarray
    ends: np.ndarray
    documents: np.ndarray

    @classmethod
    def of(cls, rows: Rows, tags: Tags) -> "Sentences":
        is_token = rows.numbers >= 0
        starts = np.flatnonzero(is_token[1:] & ~is_token[:-1]).astype(np.int32) + 1
        ends = np.flatnonzero(is_token[:-1] & ~is_token[1:]).astype(np.int32) + 1
        of_documents = np.flatnonzero(rows.numbers == DOCUMENT)
        documents = np.searchsorted(of_documents, starts).astype(np.int32)
        return cls(rows.tokens, rows.numbers, tags, starts, ends, documents)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> list[Token]:
        """One sentence, with IOB2 tags."""
        place = slice(self.starts[index], self.ends[index])
        return [
            self.tokens[number]._replace(tag=self.tags.names[tag])
            for number, tag in zip(self.rows[place], self.tags.numbers[place], strict=True)
        ]

    @property
    def marked(self) -> bool:
        """Whether the file has document lines."""
        return bool(self.documents[-1])
