"""What the readers return: a file in rows, each one number, to fit a large corpus in memory."""

from array import array
from bisect import bisect
from sys import intern
from typing import NamedTuple

import numpy as np

from spacy_ner_archs.corpus.schemes import split_tag

# rows that are no tokens: between sentences, and before a document's first
BREAK, DOCUMENT = -1, -2


class Token(NamedTuple):
    """What a row says; a token without a part of speech has "" there."""

    word: str
    pos: str
    tag: str


class Rows:
    """A number for each token and break of a file, in order, with a break at both ends.

    tokens (list[Token]): The distinct tokens, by their numbers.
    numbers (numpy.ndarray): The rows, int32: a token's number, BREAK or DOCUMENT.
    """

    def __init__(self) -> None:
        self._tokens: dict[Token, int] = {}
        self._numbers = array("i", [BREAK])
        # the rows whose line isn't the one after the line of the row before, and these lines
        self._jumps = array("q", [0])
        self._lines = array("q", [0])
        self._last_line = 0

    def number(self, word: str, pos: str, tag: str) -> int:
        """The token's number, a new one if there was no such token yet.

        RAISES (ConversionError): Where the tag is none of any scheme.
        """
        split_tag(tag)
        token = Token(word, "" if pos == "_" else intern(pos), intern(tag))  # one copy of each
        return self._tokens.setdefault(token, len(self._tokens))

    def extend(self, numbers: np.ndarray, lines: np.ndarray) -> None:
        """Append rows, int32, with the line of each in the file."""
        jumps = np.flatnonzero(np.diff(lines, prepend=self._last_line) != 1)
        self._jumps.extend((len(self._numbers) + jumps).tolist())
        self._lines.extend(lines[jumps].tolist())
        if len(lines):
            self._last_line = int(lines[-1])
        self._numbers.frombytes(numbers.tobytes())

    def close(self) -> None:
        """End the last sentence."""
        self._numbers.append(BREAK)

    @property
    def tokens(self) -> list[Token]:
        return list(self._tokens)

    @property
    def numbers(self) -> np.ndarray:
        return np.frombuffer(self._numbers, dtype=np.int32)

    def line_of(self, row: int) -> int:
        """The row's line in the file, from 1."""
        jump = bisect(self._jumps, row) - 1
        return self._lines[jump] + row - self._jumps[jump]
