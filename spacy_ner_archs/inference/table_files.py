"""Tables in files of Parquet or JSONL, in folders or in stores that pyarrow opens (s3://, gs://).

A table of a JSONL file has two columns: the texts, and the lines as they are. So each line keeps its
own keys and values, whatever types the other lines have.
"""

import json
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

PARQUET, JSONL = ".parquet", ".jsonl"
SUFFIXES = (PARQUET, JSONL, ".jsonl.gz")
#: Column of a JSONL file's lines.
LINE = "__json_line__"
#: Rows that are read at a time.
ROWS = 1000


def opened_by(name: str) -> tuple[fs.FileSystem, str]:
    """The file system of a path or URL, and the path in it."""
    if "://" in name:
        return fs.FileSystem.from_uri(name)
    return fs.LocalFileSystem(), str(Path(name).resolve())


def find_files(names: Sequence[str]) -> list[str]:
    """Files, and those of folders in the order of their paths. Those that begin with `.` or `_` are
    no data. Raises ValueError where there is none, or where their formats differ."""
    files = [file for name in names for file in _files_of(name)]
    formats = {file.endswith(PARQUET) for file in files}
    if len(formats) > 1:
        raise ValueError(f"{', '.join(names)}: give Parquet or JSONL files, and not both")
    return files


def _files_of(name: str) -> list[str]:
    system, path = opened_by(name)
    info = system.get_file_info(path)
    if info.type == fs.FileType.NotFound:
        raise FileNotFoundError(f"{name}: there is no such file or folder")
    if info.type == fs.FileType.File:
        if not name.partition("?")[0].endswith(SUFFIXES):
            raise ValueError(f"{name}: its name must end with {', '.join(SUFFIXES)}")
        return [name]
    found = system.get_file_info(fs.FileSelector(path, recursive=True))
    inside = sorted(each.path[len(path) :] for each in found if each.type == fs.FileType.File)
    files = [_inside(name, each) for each in inside if _is_data(each)]
    if not files:
        raise ValueError(f"{name}: the folder has no file that ends with {', '.join(SUFFIXES)}")
    return files


def _inside(folder: str, path: str) -> str:
    """A file of a folder; the options of a URL stay."""
    parts = urlsplit(folder)
    if "://" not in folder:
        return folder.rstrip("/") + path
    return parts._replace(path=parts.path.rstrip("/") + path).geturl()


def _is_data(path: str) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.split("/"))
    return path.endswith(SUFFIXES) and not hidden


def read_tables(name: str, column: str) -> Iterator[pa.Table]:
    """A file's rows. Raises ValueError, in one line with the file, for what can't be read, and for
    a file without that column of texts."""
    system, path = opened_by(name)
    read = _read_parquet if path.endswith(PARQUET) else _read_jsonl
    try:
        yield from read(system, path, column)
    except (pa.ArrowException, OSError, EOFError, ValueError) as error:
        raise ValueError(f"{name}: {' '.join(str(error).split()):.300}") from None


def _read_parquet(system: fs.FileSystem, path: str, column: str) -> Iterator[pa.Table]:
    with system.open_input_file(path) as opened:
        file = pq.ParquetFile(opened)
        _check_schema(file.schema_arrow, column)
        for batch in file.iter_batches(ROWS):
            yield pa.Table.from_batches([batch])


def _check_schema(schema: pa.Schema, column: str) -> None:
    if column not in schema.names:
        raise ValueError(_no_column(column, schema.names))
    kind = schema.field(column).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise ValueError(f"column {column} is of type {kind} and has no texts")


def _read_jsonl(system: fs.FileSystem, path: str, column: str) -> Iterator[pa.Table]:
    schema = pa.schema([(column, pa.string()), (LINE, pa.string())])
    with system.open_input_stream(path) as opened:
        # not `splitlines`, for which U+2028 in a text ends a line
        lines = TextIOWrapper(opened, "utf-8-sig", newline="\n")
        rows = _texts(lines, column)
        while some := list(islice(rows, ROWS)):
            columns = zip(*some, strict=True)
            yield pa.table([list(values) for values in columns], schema=schema)


def _texts(lines: TextIOWrapper, column: str) -> Iterator[tuple[str | None, str]]:
    """Each line's text, None where it has none, and the line."""
    is_first = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _parse(line, number)
        if is_first and column not in row:
            raise ValueError(_no_column(column, list(row)))
        is_first = False
        text = row.get(column)
        yield text if isinstance(text, str) else None, line


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: is not JSON ({error})") from None
    if not isinstance(row, dict):
        raise ValueError(f"line {number}: is not an object, such as {{'text': 'Ada saw Rome'}}")
    return row


def _no_column(column: str, names: list[str]) -> str:
    return f"has no column {column}; it has {', '.join(names) or 'none'}"


def set_columns(table: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    """Put columns behind the others; they replace those of the same names."""
    kept = table.drop_columns([name for name in columns if name in table.column_names])
    for name, values in columns.items():
        kept = kept.append_column(name, values)
    return kept


def write_table(name: str, table: pa.Table, text_column: str) -> None:
    """Write a file of the format that its name ends with. A JSONL file's lines become what they
    were, and the columns that have been added."""
    system, path = opened_by(name)
    if name.endswith(JSONL):
        with system.open_output_stream(path) as opened:
            for row in _rows(table, text_column):
                opened.write((json.dumps(row, ensure_ascii=False, default=str) + "\n").encode())
    else:
        is_of_lines = LINE in table.column_names
        whole = pa.Table.from_pylist(list(_rows(table, text_column))) if is_of_lines else table
        pq.write_table(whole, path, filesystem=system)


def _rows(table: pa.Table, text_column: str) -> Iterator[dict[str, Any]]:
    for row in table.to_pylist():
        if LINE in row:
            added = {k: v for k, v in row.items() if k not in (LINE, text_column)}
            yield json.loads(row[LINE]) | added
        else:
            yield row
