"""`python -m spacy ner report` on a tiny pipeline."""

import json
import re
import zlib

import pytest
import spacy
from closed_stdout import closed_stdout
from spacy.tokens import Doc, DocBin
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A pipeline that finds every Paris, and a corpus of which it gets two of three right."""
    folder = tmp_path_factory.mktemp("report")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Paris"}])
    nlp.to_disk(folder / "model")
    rows = [
        (["in", "Paris", "now"], ["O", "B-LOC", "O"]),
        (["Paris", "and", "Rome"], ["B-LOC", "O", "B-LOC"]),
    ]
    docs = [Doc(nlp.vocab, words=words, ents=ents) for words, ents in rows]
    DocBin(docs=docs).to_disk(folder / "corpus.spacy")
    DocBin(docs=[Doc(nlp.vocab, words=["in", "Paris"])]).to_disk(folder / "bare.spacy")
    (folder / "text.spacy").write_text("Paris B-LOC")
    (folder / "text.conll").write_text("Paris B-LOC")
    (folder / "packed.spacy").write_bytes(zlib.compress(b"\x80"))
    (folder / "run").mkdir()
    rows = [
        {"epoch": 0, "step": i, "losses": {"ner": 1.0}, "scores": {"ents_f": 25 * i}}
        for i in (0, 2)
    ]
    (folder / "run" / "log.jsonl").write_text("\n".join(map(json.dumps, rows)))
    DocBin().to_disk(folder / "empty.spacy")
    untrained = spacy.blank("en")
    untrained.add_pipe("ner_tagger")
    untrained.to_disk(folder / "untrained")
    (folder / "broken").mkdir()
    (folder / "broken" / "meta.json").write_text("{}")
    (folder / "broken" / "config.cfg").write_text("[nlp]\nlang = 1\n")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["report", *map(str, args)])


def test_it_prints_and_writes_scores(folder):
    output = folder / "deep" / "report"
    done = run(
        *(folder / "model", folder / "corpus.spacy", "-o", output, "--tags", "iob1"),
        *("--train", folder / "corpus.spacy", "--log", folder / "run" / "log.jsonl"),
    )
    assert done.exit_code == 0, done.output
    assert "80.00" in done.stdout
    report = json.loads((output / "report.json").read_text())
    assert report["ents_f"] == pytest.approx(0.8)
    assert report["ents_per_type"]["LOC"]["support"] == 3
    assert report["tags"]["per_tag"]["I-LOC"]["r"] == pytest.approx(2 / 3)
    assert report["slices"]["name in the training data"]["seen"]["support"] == 3
    assert report["cost"]["words_per_second"] > 0
    assert report["cost"]["bytes"] > 1000
    assert report["training"]["run"][1]["ents_f"] == 0.5
    markdown = (output / "report.md").read_text()
    assert "| LOC | 100.00 | 66.67 | 80.00 |" in markdown
    images = re.findall(r"!\[.+\]\((\S+)\)", markdown)
    assert "pictures/by_name_in_the_training_data.svg" in images
    for image in images:
        assert (output / image).read_text().startswith("<svg")
    page = (output / "report.html").read_text()
    assert "Rome" in page
    assert "Loss, F1 on dev and learning rate" in page


def test_the_last_lines_have_the_mistakes_and_the_scores(folder):
    done = run(folder / "model", folder / "corpus.spacy")
    assert done.stdout.splitlines()[-2:] == [
        "1 of 1 errors: LOC not predicted, such as Rome",
        "F1 80.00, precision 100.00, recall 66.67",
    ]


def test_a_pipeline_without_probabilities_is_told(folder, tmp_path):
    done = run(folder / "model", folder / "corpus.spacy", "-o", tmp_path)
    line = f"{folder / 'model'}: no probabilities of entities, which an ner_tagger has"
    assert sum(told.startswith(line) for told in done.stdout.splitlines()) == 1
    assert json.loads((tmp_path / "report.json").read_text())["confidence"] is None


@pytest.mark.parametrize(
    ("log", "reason"), [("nowhere.jsonl", "no such file"), ("empty.jsonl", "empty")]
)
def test_without_a_log_there_are_no_curves(folder, tmp_path, log, reason):
    (folder / "empty.jsonl").touch()
    options = ("--log", folder / log, "-o", tmp_path)
    done = run(folder / "model", folder / "corpus.spacy", *options)
    assert done.exit_code == 0, done.output
    assert done.stderr == f"--log {folder / log}: {reason}; the report has no curves of it\n"
    assert json.loads((tmp_path / "report.json").read_text())["training"] == {}


def test_its_files_are_replaced_together(folder, tmp_path):
    (tmp_path / "report.json").write_text("older")
    (tmp_path / "report.html").mkdir()
    done = run(folder / "model", folder / "corpus.spacy", "-o", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.endswith("report.html: it is a folder; name a file\n")
    assert (tmp_path / "report.json").read_text() == "older"
    assert {path.name for path in tmp_path.rglob("*.*")} == {"report.json", "report.html"}


def test_a_reader_that_leaves_costs_no_file(folder, tmp_path):
    with pytest.raises(SystemExit) as ended, closed_stdout():
        ner(["report", *map(str, (folder / "model", folder / "corpus.spacy", "-o", tmp_path))])
    assert ended.value.code == 0
    for name in ("report.json", "report.md", "report.html"):
        assert (tmp_path / name).is_file()


def test_a_score_of_zero_has_a_reason(folder, tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    done = run(tmp_path / "blank", folder / "corpus.spacy")
    assert done.exit_code == 0
    assert "finds none of the corpus's labels (LOC): it has no labels at all" in done.stderr


@pytest.mark.parametrize(
    ("model", "corpus", "options", "message"),
    [
        ("model", "nowhere.spacy", [], "no such file"),
        ("model", "text.conll", [], "not a .spacy file; make one with"),
        ("model", ".", [], "no such file"),
        ("model", "text.spacy", [], "not a .spacy file"),
        ("model", "bare.spacy", [], "no entity annotation"),
        ("model", "packed.spacy", [], "not a .spacy file"),
        ("nowhere", "corpus.spacy", [], "nowhere"),
        ("untrained", "corpus.spacy", [], "untrained: can't predict"),
        ("broken", "corpus.spacy", [], "broken"),
        ("model", "empty.spacy", [], "no entity annotation"),
        ("model", "corpus.spacy", ["--output", "setup.py"], "--output setup.py"),
        ("model", "corpus.spacy", ["--train", "nowhere.spacy"], "nowhere.spacy: no such file"),
        ("model", "corpus.spacy", ["--log", "setup.py"], "--log setup.py"),
        ("model", "corpus.spacy", ["--gpu-id", "99"], "--gpu-id 99"),
        ("model", "corpus.spacy", ["--tags", "iob3"], "--tags iob3: give one of iob1, iob2"),
    ],
)
def test_a_mistake_gets_one_line(folder, model, corpus, options, message):
    done = run(folder / model, folder / corpus, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
