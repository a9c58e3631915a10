"""CSV and Parquet: a text a row, in one of the columns."""

import csv
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any, BinaryIO

from spacy_ner_archs.inference.reading.lines import text_in
from spacy_ner_archs.inference.reading.record import Record

#: Rows of a Parquet file that are in memory at a time.
ROWS = 1024


def read_csv(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """CSV with a header; the values are texts. A file .tsv has tabs between them."""
    csv.field_size_limit(sys.maxsize)
    # bytes that aren't UTF-8 become lone surrogates, and so belong to one record
    text = TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    separator = "\t" if path.removesuffix(".gz").endswith(".tsv") else ","
    rows = csv.DictReader(text, delimiter=separator)
    for row in rows:
        yield _record(f"{path}:{rows.line_num}", row, key)


def read_parquet(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """Parquet, by pyarrow (the extra `parquet`)."""
    from pyarrow.parquet import ParquetFile

    number = 0
    for batch in ParquetFile(file).iter_batches(ROWS):
        for row in batch.to_pylist():
            number += 1
            yield _record(f"{path}:{number}", row, key)


def _record(place: str, row: dict[str, Any], key: str) -> Record:
    try:
        if None in row:
            raise ValueError("more values than the header has names")
        text = text_in(row, key)
        text.encode()
    except UnicodeEncodeError:
        return Record(place, None, {}, "a byte in it is not UTF-8")
    except ValueError as error:
        return Record(place, None, {str(name): row[name] for name in row}, str(error))
    return Record(place, text, row)
