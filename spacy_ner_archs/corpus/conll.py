"""CoNLL text: a token a line in columns, a blank line after a sentence.

https://aclanthology.org/W03-0419 for the layout and its -DOCSTART- lines.

Only the ASCII space, the tab and the line feed (or carriage return and line feed) separate
anything: words may contain a no-break space or a line separator.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.sentences import Document, Sentence

DOCUMENT_LINE = "-DOCSTART-"
BLANK = " \t"

COMMENT_HINT = "; if lines that start with '#' are comments, add --comment-prefix '#'"

_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class Columns:
    """Which column holds what, counted from 1, or from the end with -1, -2, ...

    pos: 0 for none; by default the second of three or more columns, where it is free.
    """

    word: int = 1
    tag: int = -1
    pos: int | None = None


@dataclass(frozen=True)
class _Layout:
    """What a file's first token line says of the others: the number of columns, their separator
    and the indices of those that are read."""

    width: int
    tabs: bool
    comment_like: bool
    word: int
    tag: int
    pos: int | None


def read_conll(
    path: Path, text: str, columns: Columns, comment_prefix: str | None
) -> list[Document]:
    """The documents of a CoNLL file; those without a token are left out.

    path (Path): For messages.
    comment_prefix (str | None): Lines that start so are skipped. CoNLL-2003 has a token `#`, so
        that no prefix means a comment by itself.
    """
    documents = [Document(marked=False)]
    sentence: Sentence | None = None
    layout: _Layout | None = None
    for number, line in _lines(path, text, comment_prefix):
        if not line.strip(BLANK):
            sentence = None
        elif is_document_line(line):
            documents.append(Document(marked=True))
            sentence = None
        else:
            layout = layout or _find_layout(path, number, line, columns)
            fields = _fields(path, number, line, layout)
            if fields[layout.word] == DOCUMENT_LINE:
                documents.append(Document(marked=True))
                sentence = None
                continue
            sentence = sentence or documents[-1].new_sentence()
            pos = "" if layout.pos is None else fields[layout.pos].strip(" ")
            sentence.add(fields[layout.word], pos, fields[layout.tag].strip(" "), number)
    return [document for document in documents if document.sentences]


def is_document_line(line: str) -> bool:
    return _SPACES.split(line.strip(BLANK), maxsplit=1)[0] == DOCUMENT_LINE


def is_comment_like(word: str) -> bool:
    return word.startswith("#")


def _lines(path: Path, text: str, comment_prefix: str | None) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if "\r" in line:
            raise CorpusError(path, number, r"a carriage return inside; end lines with \n or \r\n")
        if line.startswith("\ufeff"):
            raise CorpusError(path, number, "a byte order mark after the start; remove it")
        if comment_prefix is None or not line.startswith(comment_prefix):
            yield number, line


def _split(line: str, tabs: bool) -> list[str]:
    return line.split("\t") if tabs else _SPACES.split(line.strip(BLANK))


def _find_layout(path: Path, number: int, line: str, columns: Columns) -> _Layout:
    tabs = "\t" in line
    width = len(_split(line, tabs))
    if width < 2:
        hint = COMMENT_HINT if is_comment_like(line) else ""
        raise CorpusError(
            path, number, f"columns: 1, but a word and its tag take 2; correct it{hint}"
        )
    word = _index(path, number, "--word-column", columns.word, width)
    tag = _index(path, number, "--tag-column", columns.tag, width)
    if word == tag:
        raise CorpusError(path, number, f"column {word + 1} can't be both the word and the tag")
    pos: int | None = None
    if columns.pos:
        pos = _index(path, number, "--pos-column", columns.pos, width)
        if pos in (word, tag):
            raise CorpusError(path, number, f"column {pos + 1} can't be a part of speech as well")
    elif columns.pos is None and width > 2 and 1 not in (word, tag):
        pos = 1
    return _Layout(width, tabs, is_comment_like(line), word, tag, pos)


def _index(path: Path, number: int, option: str, column: int, width: int) -> int:
    index = column - 1 if column > 0 else width + column
    if column == 0 or not 0 <= index < width:
        raise CorpusError(path, number, f"columns: {width}, so there is no {option} {column}")
    return index


def _fields(path: Path, number: int, line: str, layout: _Layout) -> list[str]:
    fields = _split(line, layout.tabs)
    if len(fields) != layout.width:
        hint = COMMENT_HINT if is_comment_like(line) or layout.comment_like else ""
        raise CorpusError(
            path,
            number,
            f"columns: {len(fields)}, but {layout.width} in the lines before; correct it{hint}",
        )
    for column, value in enumerate(fields, start=1):
        if not value.strip(" "):
            raise CorpusError(path, number, f"column {column} is empty; fill it in")
    return fields
