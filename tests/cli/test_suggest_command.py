"""`python -m spacy ner suggest` on a tiny pipeline."""

import json

import pytest
import spacy
from spacy.tokens import DocBin
from tiny_pipeline import tiny_pipeline
from tool_answers import jsonl, prodigy, studio
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner

TEXTS = ["Ann saw Quux", "Xyzzy met Ann", "Plugh left", "nobody was there"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggest")
    tiny_pipeline().to_disk(folder / "model")
    spacy.blank("en").to_disk(folder / "blank")
    (folder / "in.txt").write_text("\n".join(TEXTS))
    (folder / "bad.jsonl").write_text('{"text": "Quux"}\nnot JSON\n')
    (folder / "answers.jsonl").write_text(jsonl(prodigy(TEXTS[0])))
    (folder / "answers.json").write_text(json.dumps([studio(TEXTS[1], [])]))
    (folder / "answers.txt").write_text(TEXTS[2])
    return folder


@pytest.fixture
def suggest(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return lambda *args: CliRunner().invoke(ner, ["suggest", *map(str, args)])


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_tasks_for_prodigy(folder, suggest):
    done = suggest("model", "in.txt", "-n", 2, "-o", "out/tasks.jsonl")
    assert done.exit_code == 0, done.output
    assert done.stdout == "Wrote 2 tasks to out/tasks.jsonl, of 4 texts\n"
    tasks = rows(folder / "out" / "tasks.jsonl")
    assert [set(task) for task in tasks] == [{"text", "tokens", "spans", "meta"}] * 2
    assert all(task["text"] in TEXTS for task in tasks)


def test_the_same_twice(folder, suggest):
    for name in ("a.jsonl", "b.jsonl"):
        assert suggest("model", "in.txt", "--by", "spans", "-o", name).exit_code == 0
    assert (folder / "a.jsonl").read_bytes() == (folder / "b.jsonl").read_bytes()
    assert {len(task["spans"]) for task in rows(folder / "a.jsonl")} == {1}


def test_tasks_for_label_studio(folder, suggest):
    done = suggest("model", "in.txt", "-n", 2, "-o", "tasks.json", "-f", "label-studio")
    assert done.exit_code == 0, done.output
    tasks = json.loads((folder / "tasks.json").read_text())
    assert [set(task) for task in tasks] == [{"data", "predictions"}] * 2


def test_answered_texts_are_left_out(folder, suggest):
    files = [("--exclude", f"answers.{ending}") for ending in ("jsonl", "json", "txt")]
    done = suggest("model", "in.txt", "-o", "rest.jsonl", *[arg for pair in files for arg in pair])
    assert done.exit_code == 0, done.output
    assert "of 4 texts, 3 left out" in done.stdout
    assert {task["text"] for task in rows(folder / "rest.jsonl")} <= {TEXTS[3]}


def test_texts_that_fail_are_told(folder, suggest):
    done = suggest("model", "bad.jsonl", "-o", "some.jsonl")
    assert done.exit_code == 3
    assert [task["text"] for task in rows(folder / "some.jsonl")] == ["Quux"]
    assert done.stderr.startswith("bad.jsonl:2: not JSON")
    assert done.stderr.endswith("1 texts failed\n")


@pytest.mark.parametrize("output", ["in.txt", "model/../in.txt", "answers.jsonl", "."])
def test_what_is_read_is_never_replaced(folder, suggest, output):
    before = {path: path.read_bytes() for path in folder.glob("*.*")}
    done = suggest("model", "in.txt", "--exclude", "answers.jsonl", "-o", output)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"--output: {output}: it and the input ")
    assert len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in folder.glob("*.*")} == before


def test_texts_of_a_spacy_file_are_left_out(folder, suggest):
    DocBin(docs=[spacy.blank("en")(TEXTS[0])]).to_disk(folder / "done.spacy")
    done = suggest("model", "in.txt", "-o", "others.jsonl", "--exclude", "done.spacy")
    assert done.exit_code == 0, done.output
    assert "of 4 texts, 1 left out" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["model", "absent.txt"], "TEXTS: absent.txt: No such file"),
        (["absent", "in.txt"], "absent: "),
        (["blank", "in.txt"], "blank: must have one ner_tagger"),
        (["model", "in.txt", "-n", "0"], "--number 0: give 1 or more"),
        (["model", "in.txt", "--by", "age"], "--by age: give one of entropy, spans"),
        (["model", "in.txt", "-f", "csv"], "--format csv: give one of prodigy, label-studio"),
        (["model", "in.txt", "--repeated", "2"], "--repeated 2: give a number from 0 to 1"),
        (["model", "in.txt", "--length-exponent", "-1"], "--length-exponent -1: give a number"),
        (["model", "in.txt", "--exclude", "no.jsonl"], "--exclude: no.jsonl: No such file"),
        (["model", "in.txt", "--exclude", "bad.jsonl"], "--exclude: bad.jsonl:2: not JSON"),
        (["model", "in.txt", "-o", "model"], "--output: model: it is a folder"),
    ],
)
def test_mistakes_are_one_line(folder, suggest, arguments, reason):
    before = sorted(path.name for path in folder.iterdir())
    done = suggest(*arguments)
    assert done.exit_code == 1
    assert done.stderr.startswith(reason)
    assert (done.stderr.count("\n"), done.stdout) == (1, "")
    assert sorted(path.name for path in folder.iterdir()) == before
