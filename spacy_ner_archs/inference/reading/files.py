"""Which files there are, what is in them, and how far they have been read."""

import gzip
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from spacy_ner_archs.inference.reading.lines import read_jsonl, read_text
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.reading.tables import read_csv, read_parquet
from spacy_ner_archs.inference.reading.tokens import read_conll, read_spacy

Reader = Callable[[str, BinaryIO, str], Iterator[Record]]

#: Takes the file's name, its bytes, and the name of its texts.
READERS: dict[str, Reader] = {
    "text": read_text,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "conll": read_conll,
    "spacy": read_spacy,
}
#: The endings of file names, before `.gz`.
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".conll": "conll",
    ".iob": "conll",
    ".spacy": "spacy",
}
PIPE = Path("-")


class Inputs:
    """The records of files and folders, one file after another.

    format: of all files; None to go by their endings. key: the name of the texts.
    """

    def __init__(self, paths: Iterable[Path], format: str | None, key: str) -> None:
        """Raises ValueError or OSError, in one line, for files that aren't there, and for those of
        which nobody knows what is in them."""
        self.key = key
        self.formats = {file: format or format_of(file) for path in paths for file in _files(path)}
        self.bytes = sum(file.stat().st_size for file in self.formats if file != PIPE)
        self._bytes_before = 0
        self._file: BinaryIO | None = None

    @property
    def bytes_read(self) -> int:
        """How much of `bytes` has been read."""
        now = self._file.tell() if self._file and self._file.seekable() else 0
        return self._bytes_before + now

    def __iter__(self) -> Iterator[Record]:
        """Raises ValueError, in one line, for a file that can't be read to its end."""
        for path, format in self.formats.items():
            try:
                yield from self._records(path, READERS[format])
            except Exception as error:  # gzip, csv, msgpack and Arrow raise all kinds of them
                reason = " ".join(str(error).split()) or type(error).__name__
                raise ValueError(f"{path}: can't be read to its end: {reason:.300}") from error

    def _records(self, path: Path, reader: Reader) -> Iterator[Record]:
        if path == PIPE:
            yield from reader("-", sys.stdin.buffer, self.key)
            return
        with path.open("rb") as self._file:
            yield from reader(str(path), _unpacked(path, self._file), self.key)
            self._bytes_before += path.stat().st_size
        self._file = None


def _files(path: Path) -> list[Path]:
    """The files of a folder that have a known ending, whatever its folders; or the file itself."""
    if not path.is_dir():
        if path != PIPE:
            path.open("rb").close()
        return [path]
    files = sorted(file for file in path.rglob("*") if _is_input(file.relative_to(path), file))
    if not files:
        raise ValueError(f"{path}: no file in it ends with {', '.join(ENDINGS)} (or .gz after it)")
    return files


def _is_input(inside: Path, file: Path) -> bool:
    """Names that begin with a dot or an underscore are those of drafts and side files."""
    is_hidden = any(part.startswith((".", "_")) for part in inside.parts)
    return not is_hidden and file.is_file() and _ending(file) in ENDINGS


def format_of(path: Path) -> str:
    """What is in a file, by its name. Raises ValueError, in one line, where that isn't known."""
    if path == PIPE:
        return "text"
    if _ending(path) not in ENDINGS:
        raise ValueError(
            f"{path}: what is in it? Name it with an ending ({', '.join(ENDINGS)}, or .gz after "
            f"it), or give --input-format ({', '.join(READERS)})"
        )
    return ENDINGS[_ending(path)]


def _ending(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _unpacked(path: Path, file: BinaryIO) -> BinaryIO:
    if path.suffix != ".gz":
        return file
    return cast(BinaryIO, gzip.GzipFile(fileobj=file))
