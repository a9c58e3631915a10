"""Parquet, by pyarrow (the extra `parquet`)."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from spacy_ner_archs.inference.writing.found import Found

#: A list of rows (`EntityRow`).
ENTITIES = pa.list_(
    pa.struct(
        [
            ("start", pa.int64()),
            ("end", pa.int64()),
            ("label", pa.string()),
            ("text", pa.string()),
            ("probability", pa.float64()),
        ]
    )
)


def encode_parquet(found: Iterable[Found]) -> bytes:
    """A row a text: its fields, and what was found. Raises ValueError, in one line, for fields
    whose values have different types."""
    file = BytesIO()
    parquet.write_table(table_of([each.row() for each in found]), file)
    return file.getvalue()


def table_of(rows: Sequence[dict[str, Any]]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: _column(name, [row.get(name) for row in rows]) for name in names})


def _column(name: str, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, ENTITIES if name in ("entities", "candidates") else None)
    except pa.ArrowException as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"the field {name!r} has no one type ({reason}); write JSONL") from None


def join_parquet(shards: Sequence[Path], file: BinaryIO) -> None:
    """One file of several, whose columns are those of all."""
    schemas = [parquet.read_schema(shard) for shard in shards]
    schema = pa.unify_schemas(schemas, promote_options="permissive")
    with parquet.ParquetWriter(file, schema) as writer:
        for shard in shards:
            table = parquet.read_table(shard)
            missing = [name for name in schema.names if name not in table.column_names]
            for name in missing:
                table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
            writer.write_table(table.select(schema.names).cast(schema))
