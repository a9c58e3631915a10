"""Bytes to text without guessing."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError

UTF8 = "utf-8-sig"
LATIN1 = "latin-1"

_C1_CONTROL = re.compile("[\x80-\x9f]")


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise CorpusError(path, None, "is a folder; name one file") from None
    except OSError as error:
        raise CorpusError(path, None, f"cannot be read: {error.strerror}") from error


def check_encoding(encoding: str) -> None:
    """Refuse names that Python doesn't know, or knows as something else than text."""
    try:
        " ".encode(encoding)
        b" ".decode(encoding, "ignore")
        known = not encoding.lower().replace("_", "-").startswith(("punycode", "idna"))
    except (LookupError, UnicodeError):
        known = False
    if not known:
        raise ConversionError(
            f"--encoding {encoding}: no such text encoding; try utf-8, latin-1 or cp1252"
        )


def decode_utf8_or_latin1(path: Path, data: bytes) -> tuple[str, str]:
    """The text, and the encoding that it turned out to be in.

    Any bytes are Latin-1. So text with the control characters U+0080 to U+009F, which nobody
    types, is refused: it is Windows-1252, or UTF-8 with a byte that isn't.
    """
    try:
        return decode(path, data, UTF8), UTF8
    except CorpusError as not_utf8:
        text = decode(path, data, LATIN1)
        if _C1_CONTROL.search(text):
            raise not_utf8 from None
        return text, LATIN1


def decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        # error.object lacks the byte order mark that the codec has taken off
        offset = len(data) - len(error.object) + error.start
        reason = f"byte {data[offset]:#04x} at offset {offset} is not {encoding}; {_hint(data)}"
        raise CorpusError(path, data.count(b"\n", 0, offset) + 1, reason) from None
    except UnicodeError as error:
        reason = " ".join(str(error).split())
        raise CorpusError(path, None, f"is not {encoding} ({reason}); {_hint(data)}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CorpusError(path, line, f"a NUL character, so not {encoding} text; {_hint(data)}")
    return text


def _hint(data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    return f"name the file's encoding, as in --encoding {'utf-16' if utf16 else 'cp1252'}"


@contextmanager
def writing_failures() -> Iterator[None]:
    """An OSError is told as a file that can't be written."""
    try:
        yield
    except OSError as error:
        path = Path(error.filename)
        raise CorpusError(path, None, f"cannot be written: {error.strerror}") from error
