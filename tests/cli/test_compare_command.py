"""`python -m spacy ner compare` on tiny pipelines."""

import json

import pytest
import spacy
from closed_stdout import closed_stdout
from spacy.tokens import Doc, DocBin
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A pipeline that finds Paris, another that finds Rome with other labels, and a corpus."""
    folder = tmp_path_factory.mktemp("compare")
    for name, label, text in (("paris", "LOC", "Paris"), ("rome", "GPE", "Rome")):
        nlp = spacy.blank("en")
        patterns = [{"label": label, "pattern": text}, {"label": "NUMBER", "pattern": "one"}]
        nlp.add_pipe("entity_ruler").add_patterns(patterns)
        nlp.to_disk(folder / name)
    doc = Doc(nlp.vocab, words=["one", "Paris", "or", "Rome"], ents=["O", "B-LOC", "O", "B-LOC"])
    DocBin(docs=[doc] * 12).to_disk(folder / "corpus.spacy")
    (folder / "link").symlink_to(folder / "paris")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["compare", *map(str, args)])


def test_it_prints_and_writes_the_difference(folder, tmp_path):
    names = (folder / "paris", folder / "rome")
    options = ("--label", "GPE=LOC", "--label", "NUMBER=", "-o", tmp_path / "new" / "folder")
    done = run(*names, folder / "corpus.spacy", *options)
    assert done.exit_code == 0, done.output
    assert "66.67" in done.stdout
    assert done.stdout.count("no probabilities of entities, which an ner_tagger has") == 2
    assert done.stderr.strip() == ""
    written = json.loads((tmp_path / "new" / "folder" / "comparison.json").read_text())
    assert (written["all"]["f1"], written["all"]["p_randomisation"]) == (0.0, 1.0)
    assert written["right_alone"] == {"first": {"LOC": 12}, "second": {"LOC": 12}}
    assert "Paris" in (tmp_path / "new" / "folder" / "comparison.html").read_text()
    assert "| LOC | 66.67 |" in (tmp_path / "new" / "folder" / "comparison.md").read_text()


def test_labels_of_a_file_are_those_of_the_options_which_have_the_last_word(folder, tmp_path):
    (tmp_path / "labels.yml").write_text("GPE: PER\nNUMBER:\n")
    names = (folder / "paris", folder / "rome")
    options = ("--labels", tmp_path / "labels.yml", "--label", "GPE=LOC", "-o", tmp_path)
    done = run(*names, folder / "corpus.spacy", *options)
    assert done.exit_code == 0, done.output
    assert done.stderr.strip() == ""
    written = json.loads((tmp_path / "comparison.json").read_text())
    assert written["right_alone"] == {"first": {"LOC": 12}, "second": {"LOC": 12}}


def test_its_files_are_replaced_together(folder, tmp_path):
    (tmp_path / "comparison.json").write_text("older")
    (tmp_path / "comparison.md").mkdir()
    done = run(folder / "paris", folder / "rome", folder / "corpus.spacy", "-o", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.endswith("comparison.md: it is a folder; name a file\n")
    assert (tmp_path / "comparison.json").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_reader_that_leaves_costs_no_file(folder, tmp_path):
    names = (folder / "paris", folder / "rome", folder / "corpus.spacy")
    with pytest.raises(SystemExit) as ended, closed_stdout():
        ner(["compare", *map(str, names), "-o", str(tmp_path)])
    assert ended.value.code == 0
    assert (tmp_path / "comparison.html").is_file()


def test_labels_that_do_not_match_are_told(folder):
    done = run(folder / "paris", folder / "rome", folder / "corpus.spacy")
    assert done.exit_code == 0
    assert "paris finds labels that the corpus doesn't have: NUMBER; rename them" in done.stderr
    assert "rome finds none of the corpus's labels (LOC): it has GPE, NUMBER" in done.stderr


@pytest.mark.parametrize(
    ("first", "second", "corpus", "options", "message"),
    [
        ("paris", "paris", "corpus.spacy", [], "are the same pipeline; give two"),
        ("paris", "paris/", "corpus.spacy", [], "are the same pipeline"),
        ("paris", "rome/../paris", "corpus.spacy", [], "are the same pipeline"),
        ("paris", "link", "corpus.spacy", [], "are the same pipeline"),
        ("paris", "nowhere", "corpus.spacy", [], "nowhere"),
        ("paris", "rome", "nowhere.spacy", [], "no such file"),
        ("paris", "rome", "corpus.spacy", ["--label", "GPE"], "--label GPE: give LABEL=NAME"),
        ("paris", "rome", "corpus.spacy", ["--labels", "nowhere.yml"], "nowhere.yml"),
        ("paris", "rome", "corpus.spacy", ["--labels", "setup.py"], "setup.py: "),
        ("paris", "rome", "corpus.spacy", ["-o", "setup.py"], "--output setup.py"),
    ],
)
def test_a_mistake_gets_one_line(folder, first, second, corpus, options, message):
    done = run(folder / first, f"{folder}/{second}", folder / corpus, *options)
    assert done.exit_code == 1
    assert message in done.stderr.splitlines()[-1]
    assert done.exception is None or isinstance(done.exception, SystemExit)
