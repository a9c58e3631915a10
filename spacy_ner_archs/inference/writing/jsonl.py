import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

from spacy_ner_archs.inference.writing.found import Found


def encode_jsonl(found: Iterable[Found]) -> bytes:
    """A JSON object a text: its fields, and what was found."""
    return json_lines(each.row() for each in found)


def encode_gzipped(found: Iterable[Found]) -> bytes:
    """The same, packed: packed files put one behind another are one."""
    return gzip.compress(encode_jsonl(found), mtime=0)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Values that JSON doesn't know, such as dates, are written as text."""
    lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    # what isn't Unicode (half of a surrogate pair) becomes an escape, which is right in JSON
    return "".join(lines).encode("utf-8", "backslashreplace")
