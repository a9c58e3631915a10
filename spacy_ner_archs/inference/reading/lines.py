"""Files with a text a line, and with a JSON object a line."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from spacy_ner_archs.inference.reading.record import Record

BYTE_ORDER_MARK = "\ufeff"
#: Of a line that can't be read, for whoever has to find it.
MOST_SHOWN = 200


def read_text(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """A text a line; an empty line is an empty text."""
    return _read(path, file, lambda line: {key: line}, key)


def read_jsonl(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """A JSON object a line, whose text is under a key. Blank lines are skipped."""
    return _read(path, (line if line.strip() else b"" for line in file), _object, key)


def _read(
    path: str, lines: Iterable[bytes], fields_of: Callable[[str], dict[str, Any]], key: str
) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        place = f"{path}:{number}"
        try:
            fields = fields_of(decoded(line))
            yield Record(place, text_in(fields, key), fields)
        except ValueError as error:
            shown = line[:MOST_SHOWN].decode("utf-8", "backslashreplace").rstrip("\r\n")
            yield Record(place, None, {"line": shown}, str(error))


def decoded(line: bytes) -> str:
    """A line without its end. Raises ValueError where it isn't UTF-8."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {line[error.start]:#04x} is not UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r").removeprefix(BYTE_ORDER_MARK)


def _object(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    return fields


def text_in(fields: dict[str, Any], key: str) -> str:
    """The text of a record. Raises ValueError, in one line, where there is none."""
    if key not in fields:
        names = ", ".join(map(str, fields)) or "nothing"
        raise ValueError(f"no {key!r} in it, but {names:.200}; name it with --text-key")
    if not isinstance(fields[key], str):
        raise ValueError(f"{key!r} is no text, but {fields[key]!r:.50}")
    return fields[key]
