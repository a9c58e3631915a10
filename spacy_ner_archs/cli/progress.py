"""How far a command with many trainings is."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from spacy_ner_archs.reporting.terminal import Terminal


def training_progress() -> Progress:
    """A bar with numbers and the time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Terminal(),
    )
