"""A .spacy file, written bit by bit: spaCy's `DocBin` holds several copies of it in memory.

The format is zlib's of a msgpack map; https://spacy.io/api/docbin has its fields, and
https://github.com/msgpack/msgpack/blob/master/spec.md the headers of this file's own.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import Any, BinaryIO

import numpy as np
import srsly

from spacy_ner_archs.corpus.errors import ConversionError

# bytes in one msgpack binary
_LIMIT = (1 << 32) - 1

# values that are written at a time
_SOME = 1 << 16

# half the time of zlib's default, for a file that is a few percent larger
_LEVEL = 3


def write_docbin(
    file: BinaryIO,
    attrs: list[int],
    tokens: Iterable[np.ndarray],
    lengths: np.ndarray,
    strings: Iterable[str],
    user_data: list[dict[str, Any]],
    user_data_of: np.ndarray,
) -> None:
    """Write Docs whose spaces aren't known, without span groups and categories.

    attrs (list[int]): ORTH, and then any others of `spacy.attrs`, in order.
    tokens (Iterable[numpy.ndarray]): The attributes of all tokens, uint64, some tokens at a time:
        (tokens, attrs).
    lengths (numpy.ndarray): The number of tokens of each Doc.
    strings (Iterable[str]): All that occur in the attributes.
    user_data (list[dict[str, Any]]): The distinct ones.
    user_data_of (numpy.ndarray): The number of each Doc's.
    RAISES (ConversionError): For more tokens than the format has room for, 4 GiB of attributes.
    """
    n_docs, n_tokens = len(lengths), int(lengths.sum())
    n_bytes = n_tokens * len(attrs) * 8
    if n_bytes > _LIMIT:
        raise ConversionError(
            f"tokens: {n_tokens}, but a .spacy file has room for {_LIMIT // len(attrs) // 8}; "
            "cut the text in several files, or add --split"
        )
    packed = [_dumps(_dumps(data)) for data in user_data]
    compressor = zlib.compressobj(_LEVEL)

    def write(data: bytes) -> None:
        file.write(compressor.compress(data))

    write(_map_header(10))
    write(_dumps("version") + _dumps("0.1"))
    write(_dumps("attrs") + _dumps(attrs))
    write(_dumps("tokens") + _binary_header(n_bytes))
    for array in tokens:
        write(array.tobytes())
    write(_dumps("spaces") + _binary_header(n_tokens))
    for start in range(0, n_tokens, _SOME):
        write(b"\1" * min(_SOME, n_tokens - start))
    write(_dumps("lengths") + _dumps(lengths.astype("int32").tobytes()))
    write(_dumps("strings") + _dumps(sorted(strings)))
    write(_dumps("cats") + _array_header(n_docs) + _dumps({}) * n_docs)
    write(_dumps("flags") + _array_header(n_docs) + _dumps({"has_unknown_spaces": True}) * n_docs)
    write(_dumps("span_groups") + _array_header(n_docs) + _dumps(_dumps([])) * n_docs)
    write(_dumps("user_data") + _array_header(n_docs))
    for start in range(0, n_docs, _SOME):
        write(b"".join([packed[number] for number in user_data_of[start : start + _SOME]]))
    file.write(compressor.flush())


_dumps = srsly.msgpack_dumps


def _map_header(length: int) -> bytes:
    return struct.pack(">BI", 0xDF, length)


def _array_header(length: int) -> bytes:
    return struct.pack(">BI", 0xDD, length)


def _binary_header(length: int) -> bytes:
    return struct.pack(">BI", 0xC6, length)
