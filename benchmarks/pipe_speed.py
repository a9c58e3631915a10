"""Words a second of `nlp.pipe`, of one pipeline over another, on the same docs in one run.

    python -m spacy init config ner.cfg --pipeline ner --optimize efficiency
    python -m spacy train ner.cfg --paths.train corpus/train.spacy --paths.dev corpus/dev.spacy
        --output training/spacys_ner
    python benchmarks/pipe_speed.py training/char_cnn_bilstm_crf/model-best corpus/test.spacy
        --peer training/spacys_ner/model-best

Both have the batch size that is best for them. They run in turn, after a round that isn't counted.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from timing import fastest, print_speeds, time_in_turn

BATCH_SIZES = (128, 256, 1000)


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file")],
    peer: Annotated[str, typer.Option(help="Another trained pipeline, by name or folder")],
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 5,
    processes: Annotated[int, typer.Option(help="Processes of the first pipeline")] = 1,
) -> None:
    """Print the words a second of both and their ratio."""
    texts = texts_of(corpus)
    loops = {
        name: pipe_loop(spacy.load(path), texts, n_process)
        for name, path, n_process in ((model, model, processes), (f"{peer}, the peer", peer, 1))
    }
    print_speeds(time_in_turn(loops, rounds), sum(map(len, texts)))


def texts_of(corpus: Path) -> list[list[str]]:
    """The words of each doc of a .spacy file."""
    docs = DocBin().from_disk(corpus).get_docs(spacy.blank("en").vocab)
    return [[token.text for token in doc] for doc in docs]


def pipe_loop(nlp: Language, texts: list[list[str]], n_process: int = 1) -> Callable[[], None]:
    """A function that sends texts through a pipeline, with the best batch size."""

    def run(batch_size: int) -> None:
        docs = (Doc(nlp.vocab, words=words) for words in texts)
        for _ in nlp.pipe(docs, batch_size=batch_size, n_process=n_process):
            pass

    best = fastest(BATCH_SIZES, lambda size: partial(run, size))
    print(f"batch size {best}")
    return partial(run, best)


if __name__ == "__main__":
    typer.run(main)
