"""`python -m spacy ner card`, and what `spacy package` makes of it."""

import json

import pytest
import spacy
import srsly
from spacy.cli.package import package
from tagged import example
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.evaluation.report import make_report

ABOUT = {
    "description": "Finds people.",
    "trained_on": "Ten letters.",
    "limits": "Letters only.",
    "license": "MIT",
    "cite": "Ada 1843",
    "sources": [{"name": "Letters", "author": "A. L.", "url": "https://example.org"}],
}


@pytest.fixture
def folder(tmp_path):
    nlp = spacy.blank("en")
    nlp.to_disk(tmp_path / "model")
    examples = [example("B-PER O", "B-PER O"), example("O B-LOC", "O B-PER")]
    report = make_report(examples, "iob2", resamples=20)
    report["cost"] = {"words_per_second": 1234, "load_seconds": 0.5, "bytes": 2_000_000}
    report["corpus"]["file"] = "letters.spacy"
    report["labels"] = ["LOC", "ORG", "PER"]
    srsly.write_json(tmp_path / "report.json", report)
    srsly.write_yaml(tmp_path / "about.yml", ABOUT)
    srsly.write_yaml(tmp_path / "odd.yml", {"licence": "MIT"})
    srsly.write_yaml(tmp_path / "list.yml", ["MIT"])
    srsly.write_yaml(tmp_path / "number.yml", {"cite": 1843})
    srsly.write_yaml(tmp_path / "sources.yml", {"sources": ["Letters"]})
    srsly.write_json(tmp_path / "other.json", {"a": 1})
    (tmp_path / "empty").mkdir()
    return tmp_path


def run(folder, *args):
    names = [str(folder / arg) if not arg.startswith("-") else arg for arg in args]
    return CliRunner().invoke(ner, ["card", *names])


@pytest.mark.parametrize("about", ["about.yml", "."])
def test_the_package_has_the_card_and_the_meta(folder, about):
    done = run(folder, "model", "report.json", "--about", about)
    assert done.exit_code == 0, done.output
    output = folder / "packages"
    output.mkdir()
    package(folder / "model", output, name="letters", version="2.0", create_sdist=False)
    made = output / "en_letters-2.0"
    card = (made / "README.md").read_text()
    for text in ("Finds people.", "Ten letters.", "Letters only.", "MIT", "Ada 1843", "A. L."):
        assert text in card
    assert "| PER | 50.00 | 100.00 | 66.67 |" in card
    assert "labels `LOC`, `ORG`, `PER`" in card  # ORG isn't in the test part
    assert "letters.spacy: 4 tokens, 2 entities" in card
    assert "2.0 MB" in card
    assert "1,234" in card
    meta = json.loads((made / "meta.json").read_text())
    assert meta["performance"]["ents_f"] == pytest.approx(0.5)
    assert (meta["license"], meta["sources"][0]["name"]) == ("MIT", "Letters")


def test_a_copy_leaves_the_pipeline_as_it_is(folder):
    before = (folder / "model" / "meta.json").read_bytes()
    done = run(folder, "model", "report.json", "--output", "copy")
    assert done.exit_code == 0, done.output
    assert (folder / "model" / "meta.json").read_bytes() == before
    assert not (folder / "model" / "README.md").exists()
    assert (folder / "copy" / "README.md").is_file()
    assert spacy.load(folder / "copy").meta["performance"]["ents_f"] == pytest.approx(0.5)
    (folder / "copy" / "transformer").mkdir()  # of an earlier pipeline
    assert run(folder, "model", "report.json", "--output", "copy").exit_code == 0
    assert not (folder / "copy" / "transformer").exists()


def test_name_and_version_are_those_of_the_package(folder):
    command = ["card", str(folder / "model"), str(folder / "report.json")]
    done = CliRunner().invoke(ner, [*command, "--name", "new", "--version", "3.1"])
    assert done.exit_code == 0, done.output
    card = (folder / "model" / "README.md").read_text()
    assert card.startswith("# en_new\n")
    assert 'spacy.load("en_new")' in card
    assert "Version 3.1" in card
    assert "Not told." in card
    assert spacy.load(folder / "model").meta["version"] == "3.1"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["empty", "report.json"], "no pipeline's folder"),
        (["model", "nowhere.json"], "nowhere.json"),
        (["model", "other.json"], "not a report; make one with"),
        (["model", "report.json", "--about", "nowhere.yml"], "nowhere.yml"),
        (["model", "report.json", "--about", "odd.yml"], "unknown licence; give trained_on"),
        (["model", "report.json", "--about", "list.yml"], "it must be a mapping"),
        (["model", "report.json", "--about", "number.yml"], "cite must be text"),
        (["model", "report.json", "--about", "sources.yml"], "sources must be a list of"),
    ],
)
def test_a_mistake_gets_one_line(folder, args, message):
    done = run(folder, *args)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "model" / "README.md").exists()
