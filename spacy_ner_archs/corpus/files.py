"""Bytes to text without guessing, and files that are replaced whole or not at all."""

import codecs
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError


def read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise CorpusError(path, None, "is a folder; name one file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(path, None, f"cannot be read: {error.strerror}") from error


def check_encoding(encoding: str) -> None:
    """Refuse names that Python doesn't know, or knows as something else than text."""
    try:
        b" ".decode(encoding, "ignore")
    except (LookupError, UnicodeError):
        raise ConversionError(
            f"--encoding {encoding}: no such text encoding; try utf-8, latin-1 or cp1252"
        ) from None


def decode(path: Path, data: bytes, encodings: Sequence[str]) -> tuple[str, str]:
    """The text in the first of the encodings that fits all of it, and that encoding's name."""
    for encoding in encodings[:-1]:
        try:
            return _decode(path, data, encoding), encoding
        except CorpusError:
            continue
    return _decode(path, data, encodings[-1]), encodings[-1]


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        # error.object lacks the byte order mark that the codec has taken off
        offset = len(data) - len(error.object) + error.start
        reason = f"byte {data[offset]:#04x} at offset {offset} is not {encoding}; {_hint(data)}"
        raise CorpusError(path, data.count(b"\n", 0, offset) + 1, reason) from None
    except UnicodeError as error:
        raise CorpusError(path, None, f"is not {encoding} ({error}); {_hint(data)}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CorpusError(path, line, f"a NUL character, so not {encoding} text; {_hint(data)}")
    return text


def _hint(data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    return f"name the file's encoding, as in --encoding {'utf-16' if utf16 else 'latin-1'}"


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write all of the files, or leave all of them as they were.

    Each is written beside its final place first, so that a full disk or an interrupt never
    costs a good file.
    """
    for path in contents:
        if path.is_dir():
            raise CorpusError(path, None, "cannot be written: it is a folder; name a file")
    with ExitStack() as stack:
        drafts = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in contents}
        for path, draft in drafts.items():
            with _reporting(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                stack.callback(draft.unlink, missing_ok=True)
                draft.write_bytes(contents[path])
        for path, draft in drafts.items():
            with _reporting(path):
                draft.replace(path)


@contextmanager
def _reporting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CorpusError(path, None, f"cannot be written: {error.strerror}") from error
