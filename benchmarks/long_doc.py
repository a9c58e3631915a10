"""Time and peak memory of one doc of n tokens, for several n.

    python benchmarks/long_doc.py training/char_cnn_bilstm_crf/model-best corpus/test.spacy

The doc is the corpus's words, as often as it takes. Each n has a process of its own, whose memory
includes the pipeline and the doc.
"""

import resource
from itertools import chain, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Annotated

import spacy
import typer
from spacy.tokens import Doc, DocBin


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file")],
    n_tokens: Annotated[list[int] | None, typer.Option(help="Tokens of the doc")] = None,
) -> None:
    """Print seconds, seconds over those of the first number, and peak memory, of each number."""
    context = get_context("spawn")
    first: tuple[int, float] | None = None
    for n in n_tokens or [100_000, 1_000_000]:
        with context.Pool(1) as pool:
            seconds, gigabytes = pool.apply(measure, (model, corpus, n))
        first = first or (n, seconds)
        share = (seconds / first[1]) / (n / first[0])
        print(
            f"{n:,} tokens: {seconds:.1f} s, {share:.2f} a token of the first, {gigabytes:.2f} GB"
        )


def measure(model: str, corpus: Path, n_tokens: int) -> tuple[float, float]:
    nlp = spacy.load(model)
    docs = DocBin().from_disk(corpus).get_docs(nlp.vocab)
    words = [token.text for token in chain.from_iterable(docs)]
    nlp(Doc(nlp.vocab, words=words[:100]))
    doc = Doc(nlp.vocab, words=list(islice(cycle(words), n_tokens)))
    del words
    start = perf_counter()
    nlp(doc)
    seconds = perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    typer.run(main)
