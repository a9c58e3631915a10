"""`python -m spacy ner init-config`; tests/test_configs.py has what it writes."""

import shlex

import pytest
from spacy.util import load_config
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner


def init_config(*args):
    return CliRunner().invoke(ner, ["init-config", *map(str, args)])


def test_an_existing_file_is_replaced_by_force_alone(tmp_path):
    output = tmp_path / "new" / "base.cfg"
    assert init_config(output, "--lang", "de").exit_code == 0
    assert load_config(output)["nlp"]["lang"] == "de"
    refused = init_config(output, "--lang", "fr")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"{output} exists; give --force to replace it\n",
    )
    assert load_config(output)["nlp"]["lang"] == "de"
    assert init_config(output, "--lang", "fr", "--force").exit_code == 0
    assert load_config(output)["nlp"]["lang"] == "fr"


def test_vectors_and_encoder_are_written(tmp_path):
    (tmp_path / "config.cfg").touch()
    done = init_config("-", "--embed", "transformer, word", "--vectors", tmp_path, "--encoder", "x")
    (tmp_path / "base.cfg").write_text(done.output)
    paths = load_config(tmp_path / "base.cfg")["paths"]
    assert (paths["vectors"], paths["encoder"]) == (str(tmp_path), "x")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--embed", "words"], "--embed words: give one or more of word, char-cnn"),
        (["--embed", ","], "--embed needs at least one of word"),
        (["--embed", "char-cnn,char-lstm"], "--embed: char-cnn and char-lstm"),
        (["--vectors", "nowhere"], "--vectors: no pipeline folder or package nowhere"),
        (["--encoder", "any"], "--encoder is for --embed transformer"),
        (["--lang", "qq"], "--lang: "),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(options, message, tmp_path):
    done = init_config(tmp_path / "base.cfg", *options)
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (1, 1, "")
    assert done.stderr.startswith(message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--encode", "--decode"])
def test_a_choice_that_is_none_names_the_choices(option, tmp_path):
    done = init_config(tmp_path / "base.cfg", option, "any")
    assert done.exit_code == 2
    assert option in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_line_writes_the_same_file(tmp_path):
    path = tmp_path / "a b.cfg"
    assert init_config(path, "--lang", "de", "--embed", "word,transformer").exit_code == 0
    first = path.read_text().splitlines()[0]
    words = shlex.split(first.removeprefix("# python -m spacy ner init-config "))
    assert init_config("-", *words).stdout == path.read_text()
