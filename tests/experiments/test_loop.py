"""The loop of a search trains as `spacy train` does."""

from pathlib import Path

import numpy as np
import pytest
import spacy
import srsly
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin

pytest.importorskip("optuna", reason="the extra [tune] is not installed")
from spacy_ner_archs.experiments.loop import best_score
from spacy_ner_archs.experiments.settings import changed_config

CONFIG = Path(__file__).parents[2] / "configs" / "bilstm.cfg"


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """Of a pipeline with a component that is frozen, and sets the sentences of the tagger."""
    file = tmp_path_factory.mktemp("loop") / "corpus.spacy"
    vocab = spacy.blank("en").vocab
    rng = np.random.default_rng(0)
    docs = []
    for _ in range(60):
        words = [*rng.choice(["Ada", "saw", "Rome", "and", "Bo"], size=6).tolist(), "."] * 2
        tags = ["B-PER" if word in ("Ada", "Bo") and rng.random() < 0.8 else "O" for word in words]
        docs.append(Doc(vocab, words=words, ents=tags))
    DocBin(docs=docs).to_disk(file)
    settings = {
        "paths.train": str(file),
        "paths.dev": str(file),
        "nlp.pipeline": ["sentencizer", "ner"],
        "training.optimizer.learn_rate": 0.02,
        "training.max_steps": 60,
        "training.eval_frequency": 10,
        "training.batcher.size": 40,
        "training.frozen_components": ["sentencizer"],
        "training.annotating_components": ["sentencizer"],
        "training.dropout": 0.1,
        "training.optimizer.use_averages": False,
        "sizes.word_width": 8,
        "sizes.lstm_width": 8,
    }
    config = changed_config(CONFIG, settings)
    config["components"]["sentencizer"] = {"factory": "sentencizer"}
    return config


def test_scores_are_those_of_spacy_train(config, tmp_path):
    found = []
    best = best_score(config, lambda score, step: found.append((step, score)), gpu_id=-1)
    config = config.copy()
    config["training"]["logger"]["output_file"] = str(tmp_path / "log.jsonl")
    config.to_disk(tmp_path / "config.cfg")
    train(tmp_path / "config.cfg", tmp_path / "model")
    rows = [row for row in srsly.read_jsonl(tmp_path / "log.jsonl") if row["score"] is not None]
    assert [step for step, _ in found] == [row["step"] for row in rows]
    assert [score for _, score in found] == pytest.approx([row["score"] for row in rows])
    assert len({score for _, score in found}) > 2
    assert best == max(score for _, score in found)
