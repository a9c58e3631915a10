"""`python -m spacy ner update` of a pipeline whose tagger reads a shared transformer."""

from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.util import load_config
from tiny_encoders import tiny
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.pipeline.continue_training import usual_learn_rate

CONFIG = Path(__file__).parents[2] / "configs/transformer_crf.cfg"
WORDS = ["Ada", "Lovelace", "wrote", "from", "London", "today"]


def write(path, ents):
    docs = [Doc(spacy.blank("en").vocab, words=WORDS, ents=ents) for _ in range(4)]
    DocBin(docs=docs).to_disk(path)
    return str(path)


def test_it_gets_a_transformer_of_its_own_and_learns_slowly(tmp_path):
    """The config's rate of learning names another setting, `training.max_steps`."""
    old = write(tmp_path / "old.spacy", ["B-PER", "I-PER", "O", "O", "B-LOC", "O"])
    new = write(tmp_path / "new.spacy", ["O"] * 5 + ["B-DATE"])
    paths = {"paths.train": old, "paths.dev": old, "paths.encoder": str(tiny("bert"))}
    nlp = init_nlp(load_config(CONFIG, overrides=paths, interpolate=False))
    assert nlp.pipe_names == ["transformer", "ner"]
    nlp.to_disk(tmp_path / "model")
    arguments = [tmp_path / "model", new, tmp_path / "out", "--only", "DATE", "--epochs", 2]
    result = CliRunner().invoke(ner, ["update", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    updated = spacy.load(tmp_path / "out")
    assert updated.pipe_names == ["ner"]
    tagger = updated.get_pipe("ner")
    assert tagger.labels == ("LOC", "PER", "DATE")
    assert usual_learn_rate(tagger) == 0.001
    assert updated(Doc(updated.vocab, words=WORDS))
