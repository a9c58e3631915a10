"""CoNLL text: a token a line in columns, a blank line after a sentence.

https://aclanthology.org/W03-0419 for the layout and its -DOCSTART- lines.

Only the ASCII space, the tab and the line feed (or carriage return and line feed) separate
anything: words may contain a no-break space or a line separator.
"""

from array import array
from collections.abc import Callable

import numpy as np

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.files import Lines
from spacy_ner_archs.corpus.layout import (
    BLANK,
    COMMENT_OPTION,
    DOCUMENT_LINE,
    HASH,
    Columns,
    Layout,
    find_layout,
    is_document_line,
)
from spacy_ner_archs.corpus.rows import BREAK, DOCUMENT, Rows

# a line that becomes no row
_COMMENT = -3

# a corpus repeats its lines: most of them were seen not long ago
_N_CACHED = 1 << 19

_COMMENT_HINT = f"; if lines that start with {HASH!r} are comments, add {COMMENT_OPTION}"


def read_conll(lines: Lines, columns: Columns, comment_prefix: str | None) -> tuple[Rows, Columns]:
    """The rows of a CoNLL file, and the columns that were read.

    comment_prefix (str | None): Lines that start so are skipped. CoNLL-2003 has a token `#`, so
        that no prefix means a comment by itself.
    """
    rows = Rows()
    reader = _LineReader(rows, comment_prefix)
    for first, block in lines.blocks():
        reader.layout = reader.layout or find_layout(
            lines.path, first, block, columns, comment_prefix
        )
        read = array("i")
        try:
            read.extend(map(reader.number, block))
        except ConversionError as error:
            raise CorpusError(lines.path, first + len(read), str(error)) from None
        numbers = np.asarray(read)
        kept = np.flatnonzero(numbers != _COMMENT)
        rows.extend(numbers[kept], first + kept)
    rows.close()
    return rows, reader.layout.columns if reader.layout else columns


class _LineReader:
    """Numbers for lines, by themselves.

    layout (Layout | None): Known before the first line with a token.
    number (Callable[[str], int]): The line's token's number, BREAK, DOCUMENT or _COMMENT.
    """

    def __init__(self, rows: Rows, comment_prefix: str | None) -> None:
        self.layout: Layout | None = None
        self.number = _Cache(self._number).__getitem__
        self._rows = rows
        self._comment_prefix = comment_prefix

    def _number(self, line: str) -> int:
        if self._comment_prefix is not None and line.startswith(self._comment_prefix):
            return _COMMENT
        if not line.strip(BLANK):
            return BREAK
        if is_document_line(line):
            return DOCUMENT
        assert self.layout
        hint = _COMMENT_HINT if line.startswith(HASH) else ""
        values = self.layout.split(line)
        _check_columns(values, self.layout.width, hint)
        word = values[self.layout.word]
        if word == DOCUMENT_LINE:
            return DOCUMENT
        pos = "" if self.layout.pos is None else values[self.layout.pos].strip(" ")
        try:
            return self._rows.number(word, pos, values[self.layout.tag].strip(" "))
        except ConversionError as error:
            raise ConversionError(f"{error}{hint}") from None


class _Cache(dict[str, int]):
    """What a function returned. All is forgotten when there is too much: to look something up in a
    dict, unlike in `lru_cache`, calls no function."""

    def __init__(self, function: Callable[[str], int]) -> None:
        self._function = function

    def __missing__(self, line: str) -> int:
        if len(self) == _N_CACHED:
            self.clear()
        number = self[line] = self._function(line)
        return number


def _check_columns(values: list[str], width: int, hint: str) -> None:
    if len(values) != width:
        raise ConversionError(
            f"columns: {len(values)}, but {width} in the lines before; correct it{hint}"
        )
    for column, value in enumerate(values, start=1):
        if not value.strip(" "):
            raise ConversionError(f"column {column} is empty; fill it in")
