"""`python -m spacy ner card`, and what `spacy package` makes of it."""

import json
import shutil
import signal

import pytest
import spacy
import srsly
from spacy.cli.package import package
from tagged import example, plain, report_of
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.reporting import card_folder

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
    report = plain(report_of(examples))
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
    srsly.write_json(tmp_path / "list.json", [1])
    srsly.write_json(tmp_path / "no cost.json", {**report, "cost": {}})
    srsly.write_json(tmp_path / "words.json", {**report, "ents_f": "0.5"})
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "meta.json").write_text("[]")
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


def test_a_copy_takes_the_place_of_an_earlier_one(folder):
    spacy.blank("de").to_disk(folder / "german")
    (folder / "german" / "transformer").mkdir()
    (folder / "link").symlink_to(folder / "copy")
    for model, output in (("german", "copy"), ("model", "copy"), ("model", "link")):
        assert run(folder, model, "report.json", "--output", output).exit_code == 0
    assert spacy.load(folder / "copy").lang == "en"
    assert not (folder / "copy" / "transformer").exists()
    assert (folder / "link").is_symlink()


@pytest.mark.parametrize("output", ["model", "german/../model", "link", "model/card", "."])
def test_the_pipeline_is_never_replaced(folder, output):
    (folder / "link").symlink_to(folder / "model")
    srsly.write_json(folder / "meta.json", {"lang": "en"})
    before = contents(folder)
    done = run(folder, "model", "report.json", "--output", output)
    assert done.exit_code == 1
    assert "can't lie in each other" in done.stderr
    assert contents(folder) == before


def a_pipeline(copy):
    for path in copy.iterdir():
        path.unlink() if path.is_file() else shutil.rmtree(path)
    spacy.blank("de").to_disk(copy)


def trained_on(copy):
    nlp = spacy.load(copy)
    nlp.add_pipe("sentencizer")
    nlp.to_disk(copy)


@pytest.mark.parametrize(
    "change",
    [
        a_pipeline,
        trained_on,
        lambda copy: (copy / "notes.txt").touch(),
        lambda copy: (copy / "README.md").write_text("by hand"),
        lambda copy: (copy / "meta.json").unlink(),
        lambda copy: (copy / "meta.json").write_text("[]"),
    ],
)
def test_what_is_no_copy_of_ours_is_refused(folder, change):
    assert run(folder, "model", "report.json", "--output", "copy").exit_code == 0
    change(folder / "copy")
    before = contents(folder)
    done = run(folder, "model", "report.json", "--output", "copy")
    assert done.exit_code == 1
    assert "give a new folder, or remove this one" in done.stderr
    assert contents(folder) == before


def test_a_copy_that_fails_or_is_stopped_leaves_the_earlier_one(folder, monkeypatch):
    assert run(folder, "model", "report.json", "--output", "copy").exit_code == 0
    before = contents(folder)

    def full(model, draft):
        shutil.copytree(model, draft)
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device: 'a' -> 'b'")])

    monkeypatch.setattr(card_folder, "copytree", full)
    done = run(folder, "model", "report.json", "--output", "copy")
    assert done.stderr == f"{folder / 'copy'}: [Errno 28] No space left on device\n"
    assert contents(folder) == before

    def stopped(model, draft):
        shutil.copytree(model, draft)
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(card_folder, "copytree", stopped)
    assert run(folder, "model", "report.json", "--output", "copy").exit_code != 0
    assert contents(folder) == before


def test_card_and_meta_are_replaced_together(folder):
    (folder / "model" / "README.md").mkdir()
    before = contents(folder)
    done = run(folder, "model", "report.json")
    assert done.exit_code == 1
    assert contents(folder) == before


def contents(folder):
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


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
    ("option", "value"),
    [
        ("--name", "bad name/../x"),
        ("--name", "ner-lener"),
        ("--name", "en_letters"),
        ("--name", ""),
        ("--version", "not a version"),
    ],
)
def test_a_package_that_could_not_be_made_is_refused(folder, option, value):
    command = ["card", str(folder / "model"), str(folder / "report.json")]
    done = CliRunner().invoke(ner, [*command, option, value])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{option}: '{value}' ")
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "model" / "README.md").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["empty", "report.json"], "no pipeline's folder"),
        (["model", "nowhere.json"], "nowhere.json"),
        (["model", "other.json"], "other.json: not a whole report, ents_p"),
        (["model", "list.json"], "list.json: not a report"),
        (["model", "no cost.json"], "no cost.json: not a whole report, cost.words_per_second"),
        (["model", "words.json"], "words.json: not a whole report, ents_f"),
        (["lists", "report.json"], "lists/meta.json: not a pipeline's"),
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
