"""How far a command with many trainings is."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def training_progress() -> Progress:
    """A bar with numbers and the time left."""
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.reporting.terminal import Terminal

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Terminal(),
    )
