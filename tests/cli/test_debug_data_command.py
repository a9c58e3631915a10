"""`python -m spacy ner debug-data` on tiny corpora."""

import pytest
import spacy
from short_training import CONFIG
from spacy.tokens import Doc, DocBin
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A training part, and a dev part with another label, a name in white space and one across
    sentences."""
    folder = tmp_path_factory.mktemp("debug")
    vocab = spacy.blank("en").vocab
    docs = [
        Doc(vocab, words=["Ada", "saw", "Rome", str(i)], ents=["B-PER", "O", "B-LOC", "O"])
        for i in range(120)
    ]
    DocBin(docs=docs).to_disk(folder / "train.spacy")
    words = ["Ada", "by", "Rome", "\n", "New", "York", "May"]
    ents = ["B-PER", "O", "B-LOC", "I-LOC", "B-LOC", "I-LOC", "B-DATE"]
    dev = Doc(vocab, words=words, ents=ents, sent_starts=[1, 0, 0, 0, 0, 1, 0])
    DocBin(docs=[dev]).to_disk(folder / "dev.spacy")
    DocBin().to_disk(folder / "empty.spacy")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["debug-data", *map(str, args)])


def test_it_has_spacys_checks_of_entities_and_its_own(folder):
    parts = ["--paths.train", folder / "train.spacy", "--paths.dev", folder / "dev.spacy"]
    done = run(CONFIG, *parts)
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    assert "Named Entity Recognition" in said
    assert "Good amount of examples for all labels" in said
    assert "No entities crossing sentence boundaries" in said  # in the training part
    assert "LOC 120 2" in said
    assert "DATE 0 1" in said
    assert "Entities of the dev data that cross the start of a sentence: 1" in said
    assert "Entities of the dev data that begin or end in white space: 1" in said
    assert "Labels of the dev data that the training data doesn't have: DATE" in said
    assert "a text that no entity of the training data has: 3 (75%)" in said


def test_the_exit_status_is_spacys(folder):
    done = run(CONFIG, "--paths.train", folder / "dev.spacy", "--paths.dev", folder / "train.spacy")
    assert done.exit_code == 1
    assert "Low number of examples to train a new pipeline (1)" in done.stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.cfg"], "nowhere.cfg: "),
        ([CONFIG, "--paths.train", "nowhere.spacy"], "nowhere.spacy"),
        ([CONFIG, "--paths.train", "empty.spacy"], "the training data has no docs"),
        ([CONFIG, "--sizes.words", "1"], "bilstm.cfg: "),
        ([CONFIG, "--nonsense"], "settings: "),
    ],
)
def test_a_mistake_gets_one_line(folder, monkeypatch, args, message):
    monkeypatch.chdir(folder)
    done = run(*args, "--paths.dev", "dev.spacy")
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
