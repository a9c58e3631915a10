"""The rate of `ner predict` beside that of `nlp.pipe`, and its memory over unseen words.

    python benchmarks/predict.py training/char_cnn_bilstm_crf/model-best corpus/train.spacy
    python benchmarks/predict.py training/char_cnn_bilstm_crf/model-best --words 10000000

The first writes JSONL of the corpus's texts, in this process and in two (whose start counts), in
turn with `nlp.pipe` on the same texts, with one thread and with those of torch (OMP_NUM_THREADS).
The second sends words that nobody has seen through one process, and prints its memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Annotated

import spacy
import torch
import typer
from pipe_speed import texts_of
from timing import print_machine, print_speeds, time_in_turn

from spacy_ner_archs.inference.manifest import Shard
from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.inference.reading.files import Inputs
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.run import Output, run
from spacy_ner_archs.inference.workers import Recipe

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    corpus: Annotated[Path | None, typer.Argument(help=".spacy file")] = None,
    words: Annotated[int, typer.Option(help="Unseen words, for the memory")] = 0,
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 3,
) -> None:
    """Print words a second, or the memory."""
    with TemporaryDirectory() as folder:
        if corpus is not None:
            rates(model, [" ".join(text) for text in texts_of(corpus)], Path(folder), rounds)
        if words:
            memory(model, words, Path(folder))


def rates(model: str, texts: list[str], folder: Path, rounds: int) -> None:
    source = folder / "texts.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    n_threads = torch.get_num_threads()
    loops: dict[str, Callable[[], object]] = {
        f"nlp.pipe, {n} threads": partial(pipe, model, texts, n) for n in {1, n_threads}
    }
    for n in (1, 2):
        inputs = Inputs([source], None, "text")
        loops[f"ner predict, {n} processes"] = partial(predict, model, inputs, folder, n)
    nlp = spacy.load(model)
    n_words = sum(len(nlp.make_doc(text)) for text in texts)
    print_speeds(time_in_turn(loops, rounds), n_words)


def pipe(model: str, texts: list[str], n_threads: int) -> None:
    torch.set_num_threads(n_threads)
    for _ in spacy.load(model).pipe(texts):
        pass


def predict(model: str, records: Iterable[Record], folder: Path, n_processes: int) -> None:
    recipe = Recipe(model, Settings(), "jsonl", -1, n_processes)
    output = Output(folder / "out.jsonl", "jsonl", is_folder=False)
    run(recipe, recipe.make(), records, output, Memory())


def memory(model: str, n_words: int, folder: Path) -> None:
    print_machine()
    predict(model, islice(unseen(), n_words // 20), folder, 1)


def unseen() -> Iterator[Record]:
    """Texts of 20 words, each a draw of letters."""
    random = Random(0)
    while True:
        text = " ".join("".join(random.choices(LETTERS, k=9)) for _ in range(20))
        yield Record("", text, {"text": text})


class Memory:
    """Prints the highest memory of this process between shards, in each million words."""

    def __init__(self) -> None:
        self.n_words = 0
        self.highest = 0.0

    def read(self, number: int) -> None:
        pass

    def was_there(self, number: int, shard: Shard) -> None:
        pass

    def wrote(self, number: int, shard: Shard) -> None:
        before, self.n_words = self.n_words, self.n_words + shard.words
        self.highest = max(self.highest, resident())
        if before // 10**6 < self.n_words // 10**6:
            print(f"{self.n_words:,} words: {self.highest:.0f} MB", flush=True)
            self.highest = 0.0


def resident() -> float:
    """Of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    typer.run(main)
