"""A corpus and a config for trainings of a few steps, as files of grids and searches name them."""

from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

CONFIG = Path(__file__).parents[1] / "configs" / "bilstm.cfg"


def write_corpus(folder: Path) -> str:
    """Path of a tiny .spacy file, written to `folder`."""
    doc = Doc(spacy.blank("en").vocab, words=["Ada", "saw", "Rome"], ents=["B-PER", "O", "B-LOC"])
    corpus = folder / "corpus.spacy"
    DocBin(docs=[doc] * 20).to_disk(corpus)
    return str(corpus)


def short_training(folder: Path, max_steps: int) -> dict:
    """`config` and `settings` of a tiny `bilstm`; its corpus is written to `folder`."""
    corpus = write_corpus(folder)
    settings = {
        "training.max_steps": max_steps,
        "training.eval_frequency": 2,
        "paths.train": corpus,
        "paths.dev": corpus,
        "sizes.word_width": 4,
        "sizes.lstm_width": 8,
    }
    return {"config": str(CONFIG), "settings": settings}
