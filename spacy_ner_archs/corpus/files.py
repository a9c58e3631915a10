"""A file's bytes to lines, a block at a time and without guessing."""

import codecs
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from spacy_ner_archs.corpus.binary import encoding_advice, refuse_binary
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError

UTF8 = "utf-8-sig"
LATIN1 = "latin-1"
BYTE_ORDER_MARK = "\ufeff"

# bytes; a line must not be longer
BLOCK = 1 << 20

_C1_CONTROL = re.compile("[\x80-\x9f]")


class Lines:
    """The lines of a file, without their ends.

    file (BinaryIO): Read from its position on.
    repair (bool): Take byte order marks away from the starts of lines, instead of refusing them.
    repaired (int): How many were taken away, so far.
    """

    def __init__(self, path: Path, file: BinaryIO, encoding: str, *, repair: bool = False) -> None:
        self.path = path
        self.repaired = 0
        self._file = file
        self._encoding = encoding
        self._repair = repair

    def blocks(self) -> Iterator[tuple[int, list[str]]]:
        """Some lines at a time, and the number of the first of them, from 1."""
        number, rest = 1, ""
        for text in self._decoded():
            whole, line_end, beginning = text.rpartition("\n")
            if line_end:
                lines = self._checked(number, rest + whole).split("\n")
                yield number, lines
                number, rest = number + len(lines), ""
            rest += beginning
            if len(rest) > BLOCK:
                raise CorpusError(
                    self.path, number, "longer than a megabyte; is it the right file?"
                )
        yield number, self._checked(number, rest).split("\n")

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)()
        number, n_bytes = 1, 0
        data = b" "
        while data:
            data = self._file.read(BLOCK)
            n_bytes += len(data)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                # its object ends where the block ends, but may begin elsewhere
                offset = n_bytes - len(error.object) + error.start
                what = f"byte {error.object[error.start]:#04x} at offset {offset} is not"
                line = number + error.object.count(b"\n", 0, error.start)
                raise self._undecodable(line, what, error.object) from None
            except UnicodeError as error:
                what = f"{' '.join(str(error).split())}, so it is not"
                raise self._undecodable(None, what, data) from None
            if "\0" in text:
                line = number + text.count("\n", 0, text.index("\0"))
                raise self._undecodable(line, "a NUL character, so not", data)
            yield text
            number += text.count("\n")

    def _undecodable(self, line: int | None, what: str, data: bytes) -> CorpusError:
        return CorpusError(self.path, line, f"{what} {self._encoding}; {encoding_advice(data)}")

    def _checked(self, number: int, text: str) -> str:
        """The text with line feeds alone, and no byte order mark."""
        if number == 1:
            text = text.removeprefix(BYTE_ORDER_MARK)
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        if "\r" in text:
            line = number + text.count("\n", 0, text.index("\r"))
            reason = r"a carriage return inside; end lines with \n or \r\n"
            raise CorpusError(self.path, line, reason)
        return self._without_marks(number, text) if BYTE_ORDER_MARK in text else text

    def _without_marks(self, number: int, text: str) -> str:
        marked = f"\n{text}"
        at = marked.find(f"\n{BYTE_ORDER_MARK}")
        if at >= 0 and not self._repair:
            raise CorpusError(
                self.path,
                number + marked.count("\n", 0, at),
                "starts with a byte order mark (U+FEFF), as where files were put together; "
                "remove the character, or add --repair",
            )
        self.repaired += marked.count(f"\n{BYTE_ORDER_MARK}")
        return marked.replace(f"\n{BYTE_ORDER_MARK}", "\n").removeprefix("\n")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, which can be read more than once. A pipe is copied for that."""
    with reading_failures(path), path.open("rb") as file:
        if file.seekable():
            yield file
            return
        with TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            yield copy


def first_line(path: Path, file: BinaryIO, encoding: str) -> str:
    """What the file begins with: its first line, or of a long one the beginning.

    RAISES (CorpusError): Where the file is known not to be text.
    """
    start = file.read(1000)
    file.seek(0)
    refuse_binary(path, start)
    text = start.decode(encoding, "replace").removeprefix(BYTE_ORDER_MARK)
    return text.split("\n")[0]


def check_encoding(encoding: str) -> None:
    """Refuse names that Python doesn't know, or knows as something else than text."""
    try:
        " ".encode(encoding)
        b" ".decode(encoding, "ignore")
        codecs.getincrementaldecoder(encoding)
        known = not encoding.lower().replace("_", "-").startswith(("punycode", "idna"))
    except (LookupError, UnicodeError):
        known = False
    if not known:
        raise ConversionError(
            f"--encoding {encoding}: no such text encoding; try utf-8, latin-1 or cp1252"
        )


def utf8_or_latin1(path: Path, file: BinaryIO) -> str:
    """The encoding that the file is in, by all of it.

    Any bytes are Latin-1. So text with the control characters U+0080 to U+009F, which nobody
    types, isn't taken for it, but for UTF-8 with a byte that is wrong.
    """
    decoder = codecs.getincrementaldecoder(UTF8)()
    try:
        for data in _blocks(file):
            decoder.decode(data)
        decoder.decode(b"", final=True)
        return UTF8
    except UnicodeDecodeError:
        file.seek(0)
        is_neither = any(_C1_CONTROL.search(data.decode(LATIN1)) for data in _blocks(file))
        return UTF8 if is_neither else LATIN1
    finally:
        file.seek(0)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(BLOCK), b"")


@contextmanager
def reading_failures(path: Path) -> Iterator[None]:
    """An OSError is told as a file that can't be read."""
    try:
        yield
    except IsADirectoryError:
        raise CorpusError(path, None, "is a folder; name one file") from None
    except OSError as error:
        raise CorpusError(path, None, f"cannot be read: {error.strerror}") from error


@contextmanager
def writing_failures(path: Path | None = None) -> Iterator[None]:
    """An OSError is told as a file that can't be written: path, or else the one that it names."""
    try:
        yield
    except OSError as error:
        blamed = path or Path(error.filename)
        raise CorpusError(blamed, None, f"cannot be written: {error.strerror}") from error
