"""How far a command with many texts is."""

from time import perf_counter
from typing import TYPE_CHECKING

from tqdm import tqdm

if TYPE_CHECKING:
    from spacy_ner_archs.inference.manifest import Shard
    from spacy_ner_archs.inference.reading.files import Inputs

FORMAT = "{percentage:3.0f}% |{bar:30}|{postfix} [{elapsed}<{remaining}]"
#: Where nobody knows how much there is: of a pipe.
OPEN_FORMAT = "{postfix} [{elapsed}]"


class PredictingProgress:
    """A bar of the bytes of the texts that are done, with the words a second, on the standard
    error (`spacy_ner_archs.inference.run.Progress`). It begins with the first text."""

    def __init__(self, inputs: "Inputs") -> None:
        self._inputs = inputs
        self._bar: tqdm | None = None
        self._read: dict[int, int] = {}
        self._texts = self._words = 0
        self._start = perf_counter()

    def __enter__(self) -> "PredictingProgress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def read(self, number: int) -> None:
        if self._bar is None:
            total = self._inputs.bytes
            self._bar = tqdm(total=total or None, bar_format=FORMAT if total else OPEN_FORMAT)
        self._read[number] = self._inputs.bytes_read

    def was_there(self, number: int, shard: "Shard") -> None:
        self._show(number, shard)

    def wrote(self, number: int, shard: "Shard") -> None:
        self._words += shard.words
        self._show(number, shard)

    def _show(self, number: int, shard: "Shard") -> None:
        assert self._bar is not None
        self._texts += shard.texts
        speed = self._words / (perf_counter() - self._start)
        self._bar.set_postfix_str(f"{self._texts:,} texts, {speed:,.0f} words/s", refresh=False)
        self._bar.update(max(0, self._read.pop(number) - self._bar.n))
