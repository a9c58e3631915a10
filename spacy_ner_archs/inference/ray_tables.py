"""What Ray's tasks read and write, in processes that load neither spaCy nor torch."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from ray.data import Datasink
from ray.data.block import BlockAccessor

from spacy_ner_archs.inference.table_files import read_tables, write_table

#: Folder in OUTPUT for texts that failed. Readers of tables pass over names with an underscore.
FAILED = "_failed"
ROWS_A_FILE = 50_000

#: That of `EntityRow`, so that a block without any entity has it, too.
ENTITIES = pa.list_(
    pa.struct(
        {
            "start": pa.int64(),
            "end": pa.int64(),
            "label": pa.string(),
            "text": pa.string(),
            "probability": pa.float64(),
        }
    )
)
TYPES = {"entities": ENTITIES, "candidates": ENTITIES, "error": pa.string()}


class Counts(NamedTuple):
    """texts: all of them, those that failed included."""

    texts: int
    failed: int


class Part(NamedTuple):
    """What one task has written."""

    files: list[str]
    counts: Counts


def read_files(names: pa.Table, column: str) -> Iterator[pa.Table]:
    """Of a table with the files' names in the column `file`."""
    for name in names["file"].to_pylist():
        yield from read_tables(name, column)


class Parts(Datasink[Part]):
    """A folder of files that are numbered in the order of the rows."""

    def __init__(self, folder: str, suffix: str, column: str) -> None:
        self.folder, self.suffix, self.column = folder, suffix, column
        self.parts: list[Part] = []

    @property
    def min_rows_per_write(self) -> int:
        return ROWS_A_FILE

    def write(self, blocks: Iterable[Any], ctx: Any) -> Part:
        tables = [BlockAccessor.for_block(block).to_arrow() for block in blocks]
        table = pa.concat_tables(tables, promote_options="permissive")
        has_failed = pc.is_valid(table["error"])
        found = table.filter(pc.invert(has_failed)).drop_columns(["error"])
        failed = table.filter(has_failed).drop_columns(
            [name for name in TYPES if name in table.column_names and name != "error"]
        )
        name = f"part-{ctx.task_idx:06}{self.suffix}"
        tables_by_name = {name: found} | ({f"{FAILED}/{name}": failed} if failed else {})
        for each, rows in tables_by_name.items():
            write_table(f"{self.folder}/{each}", rows, self.column)
        return Part(list(tables_by_name), Counts(len(table), len(failed)))

    def on_write_complete(self, write_result: Any) -> None:
        self.parts = write_result.write_returns
