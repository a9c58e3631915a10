"""Words a second of `nlp.pipe` with a transformer, over Hugging Face's token classification.

    python benchmarks/transformer_pipe.py training/transformer/model-best ENCODER corpus/test.spacy

ENCODER is the folder, or the name on the Hugging Face hub, of the encoder that the pipeline was
trained from. The peer is `transformers.pipeline("token-classification")` on it, at the batch size
that is best for it here, with a classifier that gives O to all words, which is the least work for
it. Both read the same sentences, in turn, after a round that isn't counted.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import spacy
import torch
import typer
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Corpus
from timing import print_speeds, time_in_turn
from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

BATCH_SIZES = (1, 4, 8, 16, 32, 64)


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    encoder: Annotated[str, typer.Argument(help="Folder, or name on the Hugging Face hub")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file, one sentence a Doc")],
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 3,
) -> None:
    """Print the words a second of both and their ratio."""
    nlp = spacy.load(model)
    sentences = [[token.text for token in eg.reference] for eg in Corpus(corpus)(nlp)]
    n_words = sum(map(len, sentences))
    peer = _peer(nlp, encoder)
    texts = [" ".join(words) for words in sentences]
    few = texts[:: max(1, len(texts) // 500)]
    trials = {size: partial(peer, few, batch_size=size) for size in BATCH_SIZES}
    times = time_in_turn(trials, 1)
    best = min(times, key=lambda size: times[size])
    seconds = ", ".join(f"{size}: {median(times[size]):.2f} s" for size in BATCH_SIZES)
    print(f"its batch sizes, on {len(few)} sentences: {seconds}")
    loops: dict[str, Callable[[], object]] = {
        model: lambda: list(nlp.pipe(Doc(nlp.vocab, words=words) for words in sentences)),
        f"transformers.pipeline, batches of {best}": lambda: peer(texts, batch_size=best),
    }
    print_speeds(time_in_turn(loops, rounds), n_words)


def _peer(nlp: Language, encoder: str) -> Callable:
    labels = [f"{prefix}-{label}" for label in nlp.pipe_labels["ner"] for prefix in "BI"]
    id2label = dict(enumerate(["O", *labels]))
    model = AutoModelForTokenClassification.from_pretrained(encoder, id2label=id2label)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias[0] = 10.0
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    return pipeline(
        "token-classification",
        model=model,
        tokenizer=tokenizer,
        aggregation_strategy="simple",
        device=-1,
    )


if __name__ == "__main__":
    typer.run(main)
