"""How far a command with many trainings, or with many texts, is."""

from time import perf_counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from spacy_ner_archs.inference.manifest import Shard
    from spacy_ner_archs.inference.reading.files import Inputs


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


class PredictingProgress:
    """A bar of the bytes of the texts that are done, with the words a second, on the standard
    error (`spacy_ner_archs.inference.run.Progress`)."""

    def __init__(self, inputs: "Inputs") -> None:
        self._inputs = inputs
        self._read: dict[int, int] = {}
        self._done = self._texts = self._words = 0
        self._start = perf_counter()
        is_known = inputs.bytes > 0
        self._bar = Progress(
            TextColumn("{task.percentage:>3.0f} %" if is_known else ""),
            BarColumn(),
            TextColumn("{task.fields[texts]:,} texts, {task.fields[speed]:,.0f} words/s"),
            TimeRemainingColumn() if is_known else TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task("", total=inputs.bytes or None, texts=0, speed=0)

    def __enter__(self) -> "PredictingProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def read(self, number: int) -> None:
        self._read[number] = self._inputs.bytes_read

    def was_there(self, number: int, shard: "Shard") -> None:
        self._show(number, shard)

    def wrote(self, number: int, shard: "Shard") -> None:
        self._words += shard.words
        self._show(number, shard)

    def _show(self, number: int, shard: "Shard") -> None:
        self._texts += shard.texts
        self._done = max(self._done, self._read.pop(number))
        speed = self._words / (perf_counter() - self._start)
        self._bar.update(self._task, completed=self._done, texts=self._texts, speed=speed)
