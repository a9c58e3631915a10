"""What a file that isn't text, or isn't a corpus, seems to be."""

import codecs
import re
import zlib
from pathlib import Path

from spacy_ner_archs.corpus.errors import CorpusError

# https://en.wikipedia.org/wiki/List_of_file_signatures
_SIGNATURES = {
    b"\x1f\x8b": "a gzip file; unpack it first",
    b"PK\x03\x04": "a zip file; unpack it first",
    b"BZh91AY": "a bzip2 file; unpack it first",
    b"\xfd7zXZ\0": "an xz file; unpack it first",
    b"\x28\xb5\x2f\xfd": "a Zstandard file; unpack it first",
    b"%PDF": "a PDF file; save its text with tags first",
    b"\x89PNG": "a PNG picture; is it the right file?",
}

# objects, or lists of lists or objects
_JSON = re.compile(r'\s*(\{\s*("|$)|\[\s*(\{\s*"|\[\s*["\[{]|$))')

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x7f]")


def refuse_binary(path: Path, start: bytes) -> None:
    """Refuse a file that its first bytes tell to be no text."""
    for signature, what in _SIGNATURES.items():
        if start.startswith(signature):
            raise CorpusError(path, None, f"is {what}")
    if _is_zlib(start):
        reason = "is zlib data, as .spacy files are; if it is one, end its name with .spacy"
        raise CorpusError(path, None, reason)


def seems_json(first_line: str) -> bool:
    return bool(_JSON.match(first_line))


def refuse_json(path: Path, first_line: str) -> None:
    if seems_json(first_line):
        reason = "seems to be JSON or JSONL, and neither CoNLL text nor GMB CSV"
        advice = "convert a file of an annotation tool by itself, with --format if it is a pipe"
        raise CorpusError(path, 1, f"{reason}; {advice}")


def _is_zlib(start: bytes) -> bool:
    """Two bytes are too few to tell: text may start with them."""
    try:
        return bool(zlib.decompressobj().decompress(start))
    except zlib.error:
        return False


def encoding_advice(data: bytes) -> str:
    """What to do with bytes that can't be decoded."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _advice("utf-16")
    for first, encoding in enumerate(("utf-16-be", "utf-16-le")):
        # ASCII text in UTF-16 has a NUL as every second byte
        if data[first::2].count(0) > len(data) / 4 > data[1 - first :: 2].count(0):
            return _advice(encoding)
    if b"\0" in data or _CONTROL.search(data):
        return "it seems to be a binary file; is it the right file?"
    return _advice("cp1252")


def _advice(encoding: str) -> str:
    return f"name the file's encoding, as in --encoding {encoding}"
