"""Words a second of `nlp.pipe`, of one pipeline over another, on the same docs in one run.

    python benchmarks/pipe_speed.py training/char_cnn_bilstm_crf/model-best corpus/test.spacy

The peer is spaCy's own `ner` as `spacy init config --optimize efficiency` makes it, initialized on
the corpus (a trained one does the same arithmetic); or any pipeline, with --peer. They run in turn,
after a round that isn't counted.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Corpus
from timing import print_speeds, time_in_turn


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file")],
    peer: Annotated[str | None, typer.Option(help="Another pipeline, by name or folder")] = None,
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 5,
) -> None:
    """Print the words a second of both and their ratio."""
    pipelines = {
        model: spacy.load(model),
        peer or "spaCy's ner": spacy.load(peer) if peer else spacys_ner(corpus),
    }
    loops = {name: pipe_loop(nlp, corpus) for name, nlp in pipelines.items()}
    n_words = sum(len(eg.reference) for eg in Corpus(corpus)(spacy.blank("en")))
    print_speeds(time_in_turn(loops, rounds), n_words)


def spacys_ner(corpus: Path) -> Language:
    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", silent=True)
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    nlp.initialize(lambda: Corpus(corpus)(nlp))
    return nlp


def pipe_loop(nlp: Language, corpus: Path) -> Callable[[], None]:
    texts = [[token.text for token in eg.reference] for eg in Corpus(corpus)(nlp)]

    def run() -> None:
        for _ in nlp.pipe(Doc(nlp.vocab, words=words) for words in texts):
            pass

    return run


if __name__ == "__main__":
    typer.run(main)
