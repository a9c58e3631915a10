"""How far a command with many trainings is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


def training_progress() -> "Progress":
    """A bar with numbers and the time left."""
    # not at the top: the command line of spaCy loads this module whatever the command
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from spacy_ner_archs.reporting.terminal import Terminal

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Terminal(),
    )
