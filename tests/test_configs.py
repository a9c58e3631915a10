"""The shipped configs."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from spacy.cli.debug_config import debug_config
from spacy.cli.init_config import fill_config
from spacy.util import load_config, load_model_from_config
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner

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
#: Too small for what `init-config` writes.
BY_HAND = {"gmb_bilstm"}
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


def test_its_first_line_is_the_command_that_writes_it(path):
    if path.stem in BY_HAND:
        pytest.skip("written by hand")
    text = path.read_text()
    command, options = text.splitlines()[0].split("init-config")
    assert command == "# python -m spacy ner "
    done = CliRunner().invoke(ner, ["init-config", "-", *shlex.split(options)])
    assert (done.exit_code, done.output) == (0, text)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Each config with the settings that spaCy fills in, as a file of the same name."""
    folder = tmp_path_factory.mktemp("filled")
    for path in CONFIGS:
        fill_config(folder / path.name, path, silent=True)
    return folder


def test_spacy_finds_no_mistake_in_it(path, filled, capsys):
    corpus = str(path.parents[1] / "assets")  # any path that exists: nothing is read from it here
    overrides = {"paths.train": corpus, "paths.dev": corpus}
    debug_config(filled / path.name, overrides=overrides)
    assert "Config is valid" in capsys.readouterr().out
    config = load_config(filled / path.name, overrides=overrides)
    nlp = load_model_from_config(config, auto_fill=False)
    assert nlp.get_pipe_meta("ner").factory == "ner_tagger"


#: Settings that the documentation changes on the command line; spaCy changes them before it fills
#: in, and refuses one whose section isn't there.
CHANGED = [
    "paths.train",
    "paths.vectors",
    "system.seed",
    "nlp.lang",
    "training.max_steps",
    "training.patience",
    "training.eval_frequency",
    "training.batcher.size",
    "training.optimizer.learn_rate",
    "training.optimizer.use_averages",
    "training.logger.output_file",
    "training.logger.progress_bar",
    "components.ner.threshold",
]
OF_LSTMS = ["sizes.lstm_width", "sizes.lstm_depth"]
OF_WORDS = [
    "components.ner.model.tok2vec.embed.*.word.unknown_rate",
    "components.ner.model.tok2vec.embed.*.word.word_dropout",
]
OF_TRANSFORMERS = [
    "paths.encoder",
    "training.optimizer.learn_rate.initial_rate",
    "training.optimizer.learn_rate.warmup_steps",
    "components.transformer.model.learn_rate_factor",
    "components.transformer.model.layer_decay",
    "components.transformer.model.lora",
    "components.transformer.model.transformer_config.hidden_dropout_prob",
    "components.ner.model.hidden_width",
]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("bilstm", CHANGED + OF_LSTMS + OF_WORDS),
        ("char_cnn_bilstm_crf", CHANGED + OF_LSTMS + OF_WORDS),
        ("transformer", [s for s in CHANGED if not s.endswith("learn_rate")] + OF_TRANSFORMERS),
        ("transformer_bilstm_crf", OF_LSTMS + OF_WORDS + OF_TRANSFORMERS),
    ],
)
def test_settings_that_it_leaves_out_can_be_changed(name, settings):
    path = CONFIGS[0].with_name(f"{name}.cfg")
    config = load_config(path, overrides=dict.fromkeys(settings, 3))
    for setting in settings:
        value = config
        for key in setting.split("."):
            value = value[key]
        assert value == 3


def test_they_differ_in_the_model_and_little_else(filled):
    base = load_config(filled / CONFIGS[0].name)
    for path in CONFIGS[1:]:
        config = load_config(filled / path.name)
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
