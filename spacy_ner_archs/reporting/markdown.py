"""Tables as Markdown."""

import re
from collections.abc import Iterable, Mapping

from spacy_ner_archs.reporting.tables import Table


def to_markdown(
    title: str,
    tables: Iterable[Table],
    images: Mapping[str, str] | None = None,
    conclusion: Iterable[str] = (),
) -> str:
    """A page with a list of conclusions, tables, and images: their files, and what they show."""
    lines = [f"- {_escaped(line)}\n" for line in conclusion]
    told = ["".join(lines)] if lines else []
    shown = [f"![{description}]({file})\n" for file, description in (images or {}).items()]
    return "\n".join([f"# {title}\n", *told, *map(markdown_table, tables), *shown])


def markdown_table(table: Table) -> str:
    """A heading, the note, and the table (GitHub's flavour)."""
    lines = [f"## {table.title}", ""]
    if table.note:
        lines += [table.note, ""]
    align = ["--:" if align == "right" else "---" for align in table.aligns]
    lines += [_row(table.header), _row(align), *map(_row, table.rows)]
    return "\n".join([*lines, ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    """Without line ends, and with all that Markdown would read as markup."""
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", " ".join(cell.split()))
