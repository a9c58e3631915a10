import re
import subprocess
import sys

import pytest
from spacy.cli._util import app
from spacy.tokens import DocBin
from spacy.vocab import Vocab
from tool_answers import incorrect, jsonl, prodigy, studio, tags
from typer.testing import CliRunner

import spacy_ner_archs.cli.main  # noqa: F401  (registers the commands)
from spacy_ner_archs.corpus.annotated_labels import annotated_labels

TEXT = "-DOCSTART- O\n\nAnn I-PER\nLee B-PER\n\n-DOCSTART- O\n\nOslo I-LOC\n\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.txt").write_text(TEXT)
    return tmp_path


def convert(*arguments):
    return CliRunner().invoke(app, ["ner", "convert", *arguments])


def load(path):
    return list(DocBin().from_disk(path).get_docs(Vocab()))


def test_summary(folder):
    result = convert("in.txt", "new/folder/out.spacy")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len(load("new/folder/out.spacy")) == 2
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["out.spacy", "2", "2", "2", "3", "3"] in lines
    assert ["PER", "2"] in lines
    assert ["LOC", "1"] in lines
    assert "IOB1" in result.stdout
    assert "Repaired" not in result.stdout


def test_a_folder_becomes_a_folder(folder):
    for part in ("train", "dev", "test"):
        (folder / f"{part}.conll").write_text(TEXT)
    result = convert(".", "new/folder", "--group", "sentence")
    assert (result.exit_code, result.stderr) == (0, "")
    for part in ("train", "dev", "test"):
        assert len(load(f"new/folder/{part}.spacy")) == 2
        assert f"{part}.spacy" in result.stdout


def test_a_folder_whose_last_file_is_wrong_writes_nothing(folder):
    for part, text in (("train", TEXT), ("dev", TEXT), ("test", "Ann B\n")):
        (folder / f"{part}.conll").write_text(text)
    result = convert(".", "new")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("test.conll:1: 'B' is not a tag")
    assert not (folder / "new").exists()


def test_the_one_file_of_a_folder_is_split(folder):
    (folder / "one").mkdir()
    (folder / "one" / "all.conll").write_text("Ann B-PER\n\nOslo B-LOC\n")
    (folder / "one" / "about.yml").write_text("")
    assert convert("one", "new", "--split", "50,50").exit_code == 0
    assert len(load("new/train.spacy")) == len(load("new/dev.spacy")) == 1


def test_repairs_and_missing_tags_are_reported(folder):
    (folder / "in.txt").write_text("Ann B-PER\nsees -\nOslo I-LOC\n")
    result = convert("in.txt", "out.spacy", "--repair")
    assert result.exit_code == 0
    assert "Repaired tags: 1" in result.stdout
    assert "Tokens without annotation (-): 1" in result.stdout
    assert "not marked" in result.stdout


def test_the_columns_and_the_first_sentence_are_shown(folder):
    (folder / "in.txt").write_text("Ann NNP B-PER\nLee NNP I-PER\nsees VBZ O\nOslo NNP B-LOC\n")
    result = convert("in.txt", "out.spacy")
    assert "Columns: word 1, tag 3, part of speech 2" in result.stdout
    assert "First sentence: [Ann Lee PER] sees [Oslo LOC]" in result.stdout


def test_a_long_first_sentence_is_cut(folder):
    (folder / "in.txt").write_text("a O\n" * 100)
    result = convert("in.txt", "out.spacy")
    assert f"First sentence:{' a' * 20} ...\n" in result.stdout


def test_options_that_are_missing_are_named_at_once(folder):
    (folder / "in.txt").write_text("#\tid\n1\tAnn\tB-PER\tO\n2\tsees\tO\tB-X\n")
    result = convert("in.txt", "out.spacy")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "; add --comment-prefix '#' --word-column 2 --tag-column 3 or 4\n"
    )
    assert not (folder / "out.spacy").exists()


def test_byte_order_marks_that_were_taken_away_are_reported(folder):
    (folder / "in.txt").write_text("Ann B-PER\n\ufeffsees O\n")
    assert "Byte order marks taken away: 1" in convert("in.txt", "out.spacy", "--repair").stdout


def test_options_reach_the_reader(folder):
    (folder / "in.txt").write_bytes("% id\n1 Malmö B-LOC X\n\n2 Ann O X\n".encode("latin-1"))
    columns = "--word-column 2 --tag-column -2 --pos-column 4 --comment-prefix %"
    others = "-e latin-1 -g 2 -s bilou --repair -f conll -l xx"
    result = convert("in.txt", "out.spacy", *columns.split(), *others.split())
    assert result.exit_code == 0, result.stderr
    (doc,) = load("out.spacy")
    assert [(t.text, t.tag_, t.ent_type_) for t in doc] == [("Malmö", "X", "LOC"), ("Ann", "X", "")]


def test_split(folder):
    (folder / "in.txt").write_text("".join(f"{i} O\n\n" for i in range(10)))
    assert convert("in.txt", "parts", "--split", "70,10,20", "--seed", "3").exit_code == 0
    first = {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}
    assert sorted(first) == ["dev.spacy", "test.spacy", "train.spacy"]
    assert [len(load(f"parts/{name}.spacy")) for name in ("train", "dev", "test")] == [7, 1, 2]
    assert convert("in.txt", "parts", "--split", "70,10,20", "--seed", "3").exit_code == 0
    assert {path.name: path.read_bytes() for path in (folder / "parts").iterdir()} == first


@pytest.mark.parametrize(
    ("split", "shares"),
    [
        ("80,20", "train 80.0%, dev 20.0%"),
        ("80,10", "train 88.9%, dev 11.1%"),
        ("2,1,1", "train 50.0%, dev 25.0%, test 25.0%"),
    ],
)
def test_the_shares_of_a_split_are_shown(folder, split, shares):
    (folder / "in.txt").write_text("a O\n\n" * 10)
    assert f"Split: {shares}" in convert("in.txt", "parts", "--split", split).stdout


def test_a_split_leaves_no_part_of_an_older_one(folder):
    (folder / "in.txt").write_text("".join(f"{i} O\n\n" for i in range(10)))
    assert convert("in.txt", "parts", "--split", "60,20,20").exit_code == 0
    before = {path: path.read_bytes() for path in (folder / "parts").iterdir()}
    refused = convert("in.txt", "parts", "--split", "80,20")
    assert refused.exit_code == 1
    assert "parts/test.spacy: is a part of another split; delete it first" in refused.stderr
    assert {path: path.read_bytes() for path in (folder / "parts").iterdir()} == before


@pytest.mark.parametrize("group", ["document", "sentence"])
def test_there_and_back(folder, group):
    assert convert("in.txt", "out.spacy", "--group", group).exit_code == 0
    result = convert("out.spacy", "back.txt", "--scheme", "iob1")
    assert result.exit_code == 0
    assert (folder / "back.txt").read_text() == TEXT


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["absent.txt", "out.spacy"], "absent.txt: cannot be read"),
        ([".", "out"], "train.conll: no such file"),
        (["/", "out.spacy"], "out.spacy: of a folder a folder is made"),
        ([".", "out", "--split", "80,20"], "one .conll or .csv file, and this one has none"),
        (["in.txt", "out.txt"], "out.txt: spaCy reads .spacy files only"),
        (["in.txt", "in.txt/out.spacy"], "in.txt/out.spacy: cannot be written"),
        (["in.txt", "parts.spacy", "--split", "1,1"], "a folder"),
        (["in.txt", "parts", "--split", "half"], "--split half"),
        (["in.txt", "parts", "--split", "1,1,1"], "would be empty"),
        (["in.txt", "out.spacy", "--group", "0"], "--group 0"),
        (["in.txt", "out.spacy", "--scheme", "iob"], "--scheme iob: give one of auto"),
        (["in.txt", "out.spacy", "--format", "xml"], "--format xml: give one of auto"),
        (["in.txt", "out.spacy", "--lang", "zz"], "--lang zz"),
        (["in.txt", "out.spacy", "--encoding", "klingon"], "--encoding klingon"),
        (["in.txt", "out.spacy", "--tag-column", "5"], "in.txt:3: columns: 2"),
        (["in.txt", "out.spacy", "--scheme", "iob2"], "in.txt:3: 'I-PER' where IOB2 has 'B-PER'"),
        (["in.txt", "out.spacy", "--format", "gmb"], "in.txt:1: no column"),
        (["in.txt", "out.spacy", "--format", "prodigy"], "in.txt:1: not JSON"),
        (["in.txt", "out.spacy", "--incorrect-key", "a"], "--incorrect-key is for files of"),
        (["in.jsonl", "out.spacy", "--scheme", "iob2"], "--scheme is not for files of annotation"),
        (["in.jsonl", "out.spacy", "--group", "1"], "--group is not for files of annotation tools"),
        (["in.jsonl", "out.spacy", "-f", "doccano"], "in.jsonl:1: none of label, labels, entities"),
        (["in.jsonl", "out.spacy", "-f", "conll"], "is not a tag"),
        (["in.jsonl", "out.txt"], "out.txt: spaCy reads .spacy files only"),
        (["in.jsonl", "out", "--split", "1,1"], "would be empty"),
        (["in.jsonl", "out.spacy", "--lang", "zz"], "--lang zz"),
        (
            ["in.txt", "out.spacy", "--only", "PER"],
            "it has entities with LOC, too; give",
        ),
        (["in.jsonl", "out.spacy", "--only", "LOC"], "out.spacy: it has entities with PER, too"),
        (["in.jsonl", "o.spacy", "--only", "PER", "--only", "X"], "it has no entity with X; see"),
        (["good.spacy", "back.txt", "--only", "PER"], "--only is not for .spacy files"),
        (["good.spacy", "back.txt", "--group", "1"], "--group is not for .spacy files"),
        (["good.spacy", "back.txt", "--repair"], "--repair is not for .spacy files"),
        (["good.spacy", "back.txt", "--partial"], "--partial is not for .spacy files"),
        (["good.spacy", "back.txt", "--complete"], "--complete is not for .spacy files"),
        (["good.spacy", "back.spacy"], "name a text file"),
        (["bad.spacy", "back.txt"], "bad.spacy: is not a .spacy file"),
        (["empty.spacy", "back.txt"], "no documents"),
    ],
)
def test_errors_are_one_line(folder, arguments, reason):
    assert convert("in.txt", "good.spacy").exit_code == 0
    (folder / "in.jsonl").write_text(jsonl(prodigy("Ann", (0, 3, "PER"))))
    (folder / "bad.spacy").write_text("text")
    DocBin().to_disk(folder / "empty.spacy")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    result = convert(*arguments)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert (result.stderr.count("\n"), result.stdout) == (1, "")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_missing_tags_there_and_back(folder):
    text = "Ann B-PER\nLee -\nsaw O\nOslo -\n\nRome -\n\n"
    (folder / "in.txt").write_text(text)
    assert convert("in.txt", "out.spacy").exit_code == 0
    assert [tags(doc) for doc in load("out.spacy")] == [["B-PER", "-", "O", "-"], ["-"]]
    assert convert("out.spacy", "back.txt").exit_code == 0
    assert (folder / "back.txt").read_text() == text


@pytest.mark.parametrize(("option", "rest"), [("--partial", "-"), ("--complete", "O"), (None, "O")])
def test_tags_in_parts(folder, option, rest):
    (folder / "in.txt").write_text("Ann U-PER\nsaw O\nOslo -\n\nshe O\n\n")
    result = convert("in.txt", "out.spacy", *([option] if option else []))
    assert result.exit_code == 0, result.stderr
    assert [tags(doc) for doc in load("out.spacy")] == [["B-PER", rest, "-"], [rest]]
    missing = 3 if rest == "-" else 1
    assert f"Tokens without annotation (-): {missing}" in result.stdout


def test_what_conll_text_cannot_tell_is_told(folder):
    (folder / "in.txt").write_text("Ann B-PER\nsaw O\n\n")
    assert convert("in.txt", "some.spacy", "--only", "PER").exit_code == 0
    rejected = prodigy("Bob, Rome", (5, 9, "PER"), answer="reject", _view_id="ner")
    (folder / "in.jsonl").write_text(jsonl(rejected, prodigy("Ann", (0, 3, "PER"))))
    assert convert("in.jsonl", "rejected.spacy").exit_code == 0
    for name in ("some", "rejected"):
        result = convert(f"{name}.spacy", "back.txt")
        assert result.exit_code == 0, result.stderr
        assert "1 of them have rejected spans, or annotate some labels only" in result.stdout


def test_answers_of_a_tool(folder):
    ann, bob = "Ann saw Rome.", "Bob, Rome"
    tasks = [
        prodigy(ann, (0, 3, "PER"), (8, 12, "LOC"), _view_id="ner_manual"),
        prodigy(bob, (0, 3, "PER"), _view_id="ner"),
        prodigy(bob, (5, 9, "PER"), answer="reject", _view_id="ner"),
        prodigy("b", answer="ignore"),
    ]
    (folder / "in.jsonl").write_text(jsonl(*tasks))
    result = convert("in.jsonl", "new/out.spacy", "--incorrect-key", "no")
    assert (result.exit_code, result.stderr) == (0, "")
    docs = load("new/out.spacy")
    assert [tags(doc) for doc in docs] == [["B-PER", "O", "B-LOC", "O"], ["B-PER", "-", "-"]]
    assert [incorrect(doc, "no") for doc in docs] == [[], [("Rome", "PER")]]
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["out.spacy", "2", "7", "3", "1"] in lines
    assert ["PER", "2"] in lines
    for told in (
        "Format: prodigy",
        "Answers: 3, of 2 texts",
        "Left out, ignored: 1",
        "Tokens without annotation: 2",
        'incorrect_spans_key = "no"',
    ):
        assert told in result.stdout


@pytest.mark.parametrize("name", ["in.txt", "in.jsonl"])
def test_the_labels_that_are_annotated(folder, name):
    (folder / "in.jsonl").write_text(jsonl(prodigy("Ann Lee", (0, 3, "PER"))))
    (folder / "in.txt").write_text(TEXT.replace("I-LOC", "O"))
    assert convert(name, "all.spacy").exit_code == 0
    assert convert(name, "some.spacy", "--only", "PER").exit_code == 0
    assert {annotated_labels(doc) for doc in load("all.spacy")} == {None}
    docs = load("some.spacy")
    assert [annotated_labels(doc) for doc in docs] == [["PER"]] * len(docs)
    assert [tags(doc) for doc in docs] == [tags(doc) for doc in load("all.spacy")]


@pytest.mark.parametrize(("option", "rest"), [("--partial", "-"), ("--complete", "O"), (None, "O")])
def test_answers_in_parts(folder, option, rest):
    tasks = [studio(f"Ann {i} left", [(0, 3, "PER")]) for i in range(4)]
    (folder / "in.jsonl").write_text(jsonl(*tasks))
    options = ["--split", "50,50", *([option] if option else [])]
    result = convert("in.jsonl", "parts", *options)
    assert result.exit_code == 0, result.stderr
    assert "Split: train 50.0%, dev 50.0%" in result.stdout
    docs = load("parts/train.spacy") + load("parts/dev.spacy")
    assert [tags(doc) for doc in docs] == [["B-PER", rest, rest]] * 4


@pytest.mark.parametrize("text", ["", "Ann PER\n", "Ann O\nsees\n", "Ann B-X\n\nOslo I-X\n"])
def test_a_failure_leaves_a_good_output_alone(folder, text):
    assert convert("in.txt", "out.spacy").exit_code == 0
    good = (folder / "out.spacy").read_bytes()
    (folder / "in.txt").write_text(text)
    assert convert("in.txt", "out.spacy").exit_code == 1
    assert (folder / "out.spacy").read_bytes() == good
    assert sorted(path.name for path in folder.iterdir()) == ["in.txt", "out.spacy"]


def test_a_full_disk_leaves_a_good_output_alone(folder, monkeypatch):
    assert convert("in.txt", "out.spacy").exit_code == 0
    good = (folder / "out.spacy").read_bytes()

    def write_a_part(file, *_):
        file.write(b"a part")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("spacy_ner_archs.corpus.convert.write_docs", write_a_part)
    result = convert("in.txt", "out.spacy", "--group", "sentence")
    assert (result.exit_code, result.stderr) == (
        1,
        "out.spacy: cannot be written: No space left on device\n",
    )
    assert (folder / "out.spacy").read_bytes() == good
    assert sorted(path.name for path in folder.iterdir()) == ["in.txt", "out.spacy"]


def test_spacy_finds_the_command_that_loads_no_architecture_and_has_no_traceback(folder):
    (folder / "in.txt").write_text("Ann B\n")
    command = ["-m", "spacy", "ner", "convert", "in.txt", "out.spacy"]
    tell_imports = [sys.executable, "-X", "importtime"]
    done = subprocess.run([*tell_imports, *command], cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    imported, said = [], []
    for line in done.stderr.splitlines():
        (imported if line.startswith("import time:") else said).append(line)
    assert len(said) == 1
    assert said[0].startswith("in.txt:1: 'B' is not a tag")
    parts = re.findall(r"\| +spacy_ner_archs\.(\w+)", "\n".join(imported))
    assert set(parts) == {"cli", "corpus", "drafts", "extras", "packages", "training"}
