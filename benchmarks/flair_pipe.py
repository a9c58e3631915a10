r"""Words a second of `nlp.pipe`, over Flair's `SequenceTagger` of the same sizes.

    pip install flair
    python benchmarks/flair_pipe.py training/char_cnn_bilstm_crf/model-best \
        corpus/train.spacy corpus/test.spacy

Flair's tagger has the pipeline's widths of words, characters and LSTM, and a CRF. Flair has no CNN
over characters and no shapes here: its characters go through an LSTM. It has no projection of its
embeddings, which is less work for it. It is trained for an epoch first. Its mini-batch size and
its number of threads, one or `torch.get_num_threads()` (OMP_NUM_THREADS), are those that are best
for it. Both make their docs or sentences from the same lists of words within the time. They run in
turn, after a round that isn't counted.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import flair
import spacy
import torch
import typer
from flair.data import Corpus, Dictionary, Sentence
from flair.datasets import FlairDatapointDataset
from flair.embeddings import CharacterEmbeddings, OneHotEmbeddings, StackedEmbeddings
from flair.models import SequenceTagger
from flair.trainers import ModelTrainer
from pipe_speed import pipe_loop, texts_of
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from timing import fastest, print_speeds, time_in_turn

BATCH_SIZES = (32, 128, 256, 512)


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    train: Annotated[Path, typer.Argument(help=".spacy file that Flair's tagger is trained on")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file, one sentence a Doc")],
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 5,
) -> None:
    """Print the words a second of both and their ratio."""
    logging.getLogger("flair").setLevel(logging.WARNING)
    nlp = spacy.load(model)
    tagger = trained(sizes(nlp), gold_sentences(train))
    f1 = tagger.evaluate(gold_sentences(corpus), gold_label_type="ner").main_score
    print(f"flair {flair.__version__}, F1 {f1:.4f}")
    texts = texts_of(corpus)
    peer, setting = best_of_flair(tagger, texts)
    loops = {model: pipe_loop(nlp, texts), setting: peer}
    print_speeds(time_in_turn(loops, rounds), sum(map(len, texts)))


def read(corpus: Path) -> Iterable[Doc]:
    return DocBin().from_disk(corpus).get_docs(spacy.blank("en").vocab)


def gold_sentences(corpus: Path) -> list[Sentence]:
    return [gold_sentence(doc) for doc in read(corpus)]


def gold_sentence(doc: Doc) -> Sentence:
    sentence = Sentence([token.text for token in doc])
    for ent in doc.ents:
        sentence[ent.start : ent.end].add_label("ner", ent.label_)
    return sentence


def sizes(nlp: Language) -> dict[str, int]:
    """Widths of the pipeline's layers, by the names that Flair has for them."""
    tok2vec = nlp.config.interpolate()["components"]["ner"]["model"]["tok2vec"]
    embed, encode = tok2vec["embed"]["*"], tok2vec["encode"]
    return {
        "embedding_length": embed["word"]["width"],
        "char_embedding_dim": embed["char"]["char_width"],
        "hidden_size_char": embed["char"]["width"] // 2,
        "hidden_size": encode["width"] // 2,
        "rnn_layers": encode["depth"],
    }


def trained(size: dict[str, int], sentences: list[Sentence]) -> SequenceTagger:
    corpus = Corpus(FlairDatapointDataset(sentences), sample_missing_splits=False)
    chars = Dictionary()
    for char in sorted(set(chain.from_iterable(s.text for s in sentences))):
        chars.add_item(char)
    words = OneHotEmbeddings.from_corpus(
        corpus, min_freq=1, embedding_length=size["embedding_length"]
    )
    characters = CharacterEmbeddings(chars, size["char_embedding_dim"], size["hidden_size_char"])
    tagger = SequenceTagger(
        StackedEmbeddings([words, characters]),
        corpus.make_label_dictionary("ner"),
        "ner",
        hidden_size=size["hidden_size"],
        rnn_layers=size["rnn_layers"],
        reproject_embeddings=False,
    )
    settings: dict[str, Any] = {"optimizer": torch.optim.Adam, "learning_rate": 0.003}
    with TemporaryDirectory() as folder:
        ModelTrainer(tagger, corpus).train(
            folder, mini_batch_size=8, max_epochs=1, save_final_model=False, **settings
        )
    return tagger.eval()


def best_of_flair(tagger: SequenceTagger, texts: list[list[str]]) -> tuple[Callable[[], None], str]:
    """A function that sends texts through Flair's tagger as is best for it, and its settings."""
    settings = list(product(BATCH_SIZES, {1, torch.get_num_threads()}))
    best = fastest(settings, lambda setting: partial(predict, tagger, texts, *setting))
    name = "Flair, mini-batches of {}, {} threads".format(*best)
    return partial(predict, tagger, texts, *best), name


def predict(tagger: SequenceTagger, texts: list[list[str]], batch_size: int, threads: int) -> None:
    ours = torch.get_num_threads()
    torch.set_num_threads(threads)
    tagger.predict([Sentence(words) for words in texts], mini_batch_size=batch_size)
    torch.set_num_threads(ours)


if __name__ == "__main__":
    typer.run(main)
