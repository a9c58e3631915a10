"""The shipped configs."""

import subprocess
import sys
from pathlib import Path

import pytest
from spacy.cli.debug_config import debug_config
from spacy.cli.init_config import fill_config
from spacy.util import load_config, load_model_from_config

CONFIGS = sorted(Path(__file__).parents[1].joinpath("configs").glob("*.cfg"))
NAMES = {
    "bilstm",
    "bilstm_crf",
    "char_cnn_bilstm",
    "char_cnn_bilstm_crf",
    "char_lstm_bilstm_crf",
    "cnn_bilstm",
    "gmb_bilstm",
    "idcnn_crf",
    "transformer",
    "transformer_bilstm_crf",
    "transformer_crf",
}
#: What the transformers' settings of training may differ in from the others'.
TRANSFORMERS_OWN = {"dropout", "optimizer", "max_steps", "patience"}
TRANSFORMERS_NLP = {
    "batch_size": 256,  # the vectors of all sub-words of a batch are kept
    "before_creation": {"@callbacks": "spacy-ner-archs.require_transformers.v1"},
}
#: Runs spaCy's command line as if spacy-transformers weren't installed.
WITHOUT_TRANSFORMERS = """
import importlib.metadata as metadata, runpy, sys
sys.modules["spacy_transformers"] = None
found = metadata.distributions
metadata.distributions = lambda **kwargs: (
    d for d in found(**kwargs) if d.name != "spacy-transformers"
)
runpy.run_module("spacy", run_name="__main__", alter_sys=True)
"""


@pytest.fixture(params=CONFIGS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_all_are_here():
    assert {path.stem for path in CONFIGS} == NAMES


def test_fill_config_changes_nothing(path, tmp_path):
    fill_config(tmp_path / "filled.cfg", path, silent=True)
    assert (tmp_path / "filled.cfg").read_text() == path.read_text()


def test_spacy_finds_no_mistake_in_it(path, capsys):
    corpus = str(path.parents[1] / "assets")  # any path that exists: nothing is read from it here
    overrides = {"paths.train": corpus, "paths.dev": corpus}
    debug_config(path, overrides=overrides)
    assert "Config is valid" in capsys.readouterr().out
    nlp = load_model_from_config(load_config(path, overrides=overrides), auto_fill=False)
    assert nlp.get_pipe_meta("ner").factory == "ner_tagger"


def test_they_differ_in_the_model_and_little_else():
    base = load_config(CONFIGS[0])
    for path in CONFIGS[1:]:
        config = load_config(path)
        has_transformer = "transformer" in path.stem
        pipeline = ["transformer", "ner"] if has_transformer else ["ner"]
        settings = {"pipeline": pipeline, **(TRANSFORMERS_NLP if has_transformer else {})}
        assert config["nlp"] == {**base["nlp"], **settings}
        assert config["corpora"] == base["corpora"]
        assert config["initialize"] == base["initialize"]
        differing = {
            key for key in base["training"] if config["training"][key] != base["training"][key]
        }
        assert differing <= (TRANSFORMERS_OWN if has_transformer else {"dropout"}), path


def test_without_the_extra_training_says_in_a_line_what_to_install():
    config = str(CONFIGS[0].with_name("transformer.cfg"))
    corpus = ["--paths.train", config, "--paths.dev", config]  # nothing is read from it
    command = [sys.executable, "-c", WITHOUT_TRANSFORMERS, "train", config, *corpus]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    said = " ".join(done.stdout.split())  # it is wrapped
    assert 'pip install "spacy-ner-archs[transformers]"' in said
    assert done.stderr == ""
