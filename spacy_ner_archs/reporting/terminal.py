"""Tables in a terminal."""

from contextlib import suppress

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from spacy_ner_archs.reporting.tables import Table


class Terminal(Console):
    """The standard output. If its reader leaves early, as `head` does, the rest goes nowhere."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):  # Rich would end the command, whatever it has to do yet
            super().on_broken_pipe()


def print_table(table: Table) -> None:
    """Print a table and its note to the standard output."""
    shown = RichTable(
        title=Text(table.title),
        title_justify="left",
        title_style="bold",
        caption=Text(table.note) if table.note else None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for name, align in zip(table.header, table.aligns, strict=True):
        shown.add_column(Text(name), justify=align, overflow="fold")  # type: ignore[arg-type]
    for row in table.rows:
        shown.add_row(*map(Text, row))
    Terminal(highlight=False).print(shown)
