"""`python -m spacy ner complete` on a tiny pipeline."""

import pytest
import spacy
from audited import make_doc, tags_of
from spacy.tokens import DocBin, Span
from tiny_pipeline import tiny_pipeline
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.corpus.rejected_spans import INCORRECT

ROWS = [
    ("Ann saw Rome", "- - -"),
    ("Ann saw Rome", "B-LOC - -"),
    ("Ann saw Rome", "O - B-LOC"),
    ("", ""),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("complete")
    nlp = tiny_pipeline()
    nlp.get_pipe("ner").cfg["temperature"] = 2.0  # so that no probability is 1
    nlp.to_disk(folder / "model")
    spacy.blank("en").to_disk(folder / "blank")
    docs = [make_doc(*row) for row in ROWS]
    DocBin(docs=docs, store_user_data=True).to_disk(folder / "corpus.spacy")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["complete", *map(str, args)])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["B-PER O B-LOC", "B-PER O B-LOC", "O O B-LOC", ""]),
        (["--wrong", "0"], ["B-PER O B-LOC", "B-LOC O B-LOC", "O O B-LOC", ""]),
        (["--entities", "1"], ["- O -", "- O -", "O O B-LOC", ""]),
        (["--outside", "1"], ["B-PER - B-LOC", "B-PER - B-LOC", "O - B-LOC", ""]),
    ],
)
def test_what_the_pipeline_is_sure_of_is_filled_in(folder, tmp_path, options, expected):
    before = (folder / "corpus.spacy").read_bytes()
    limits = ["--entities", 0.5, "--outside", 0.5, "--wrong", 0.3, *options]
    done = run(folder / "model", folder / "corpus.spacy", tmp_path / "new" / "out.spacy", *limits)
    assert done.exit_code == 0, done.output
    data = (tmp_path / "new" / "out.spacy").read_bytes()
    assert tags_of(data) == expected
    docs = DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab)
    assert all(DOCUMENT_START in doc.user_data for doc in docs)
    assert (folder / "corpus.spacy").read_bytes() == before


def test_what_was_done_is_told(folder, tmp_path):
    limits = ["--entities", 0.5, "--outside", 0.5, "--wrong", 0.3]
    done = run(folder / "model", folder / "corpus.spacy", tmp_path / "out.spacy", *limits)
    told = "Filled in 4 entities and 3 tokens with O; took away 1 entities"
    assert told in done.stdout


def test_what_the_pipeline_cannot_judge_stays(folder, tmp_path):
    DocBin(docs=[make_doc("Ann saw Rome", "B-WORK - -")]).to_disk(tmp_path / "in.spacy")
    done = run(folder / "model", tmp_path / "in.spacy", tmp_path / "out.spacy", "--entities", 0.5)
    assert done.exit_code == 0, done.output
    assert tags_of((tmp_path / "out.spacy").read_bytes()) == ["B-WORK O B-LOC"]
    assert "as the pipeline doesn't have their labels: WORK (1)\n" in done.stdout
    assert "took away 0 entities" in done.stdout


def test_what_was_rejected_is_not_filled_in(folder, tmp_path):
    doc = make_doc("Ann saw Rome", "- - -")
    doc.spans[INCORRECT] = [Span(doc, 0, 1, "PER"), Span(doc, 2, 3, "PER")]
    DocBin(docs=[doc, make_doc("Ann", "B-PER")]).to_disk(tmp_path / "in.spacy")
    done = run(folder / "model", tmp_path / "in.spacy", tmp_path / "out.spacy", "--entities", 0.5)
    assert done.exit_code == 0, done.output
    assert tags_of((tmp_path / "out.spacy").read_bytes())[0].split()[::2] == ["-", "B-LOC"]


@pytest.mark.parametrize(
    ("model", "corpus", "output", "message"),
    [
        ("none", "corpus.spacy", "out.spacy", "none: "),
        ("blank", "corpus.spacy", "out.spacy", "blank: must have one ner_tagger, and has 0"),
        ("model", "none.spacy", "out.spacy", "none.spacy: no such file"),
        ("model", "corpus.spacy", "out.txt", "out.txt: spaCy reads .spacy files only"),
        ("model", "corpus.spacy", "./../{}/corpus.spacy", "would take the place of the corpus"),
        ("model", "corpus.spacy", "model/config.cfg/out.spacy", "model/config.cfg/out.spacy: "),
    ],
)
def test_mistakes_get_one_line(folder, monkeypatch, model, corpus, output, message):
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    result = run(model, corpus, output.format(folder.name))
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert sorted(folder.rglob("*")) == before
