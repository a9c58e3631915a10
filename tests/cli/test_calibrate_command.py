"""`python -m spacy ner calibrate` on a tiny pipeline that is too sure."""

import shutil

import pytest
import spacy
from closed_stdout import closed_stdout
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from thinc.api import Adam, fix_random_seed
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner

MODEL = {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1", "word_width": 8, "width": 8}
#: The label of each word, and of how many of its ten docs of training and of dev it is an entity.
NAMES = {
    "Ada": ("PER", 10, 10),
    "Rome": ("LOC", 10, 9),
    "Nile": ("LOC", 9, 6),
    "May": ("PER", 7, 5),
}


def docs_of(nlp, part):
    """Each word in ten docs."""
    return [
        Doc(nlp.vocab, words=["saw", name], ents=["O", f"B-{row[0]}" if i < row[part] else "O"])
        for i in range(10)
        for name, row in NAMES.items()
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrate")
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="names", config={"model": MODEL})
    examples = [Example(Doc(nlp.vocab, words=[t.text for t in d]), d) for d in docs_of(nlp, 1)]
    optimizer = Adam(0.02)
    nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(folder / "model")
    DocBin(docs=docs_of(nlp, 2) * 5).to_disk(folder / "dev.spacy")
    certain = [doc for doc in docs_of(nlp, 1) if doc[1].text == "Ada"]
    DocBin(docs=certain).to_disk(folder / "certain.spacy")
    DocBin(docs=docs_of(nlp, 2)).to_disk(folder / "small.spacy")
    spacy.blank("en").to_disk(folder / "blank")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["calibrate", *map(str, args)])


def stored(path):
    nlp = spacy.load(path)
    return nlp, nlp.get_pipe("names"), nlp.config["components"]["names"]


def test_figures_are_printed_and_nothing_is_written(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run(folder / "model", folder / "dev.spacy")
    assert done.exit_code == 0, done.output
    assert "Of 200 predicted entities, 150 of them right" in " ".join(done.stdout.split())
    assert done.stdout.splitlines()[-1] == "Nothing is written; give --output"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_pipeline_is_written_that_is_less_sure_and_finds_the_same(folder, tmp_path):
    done = run(folder / "model", folder / "dev.spacy", "-o", tmp_path / "new")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == f"Wrote {tmp_path / 'new'}"
    (nlp, old, _), (_, new, config) = stored(folder / "model"), stored(tmp_path / "new")
    assert new.cfg["temperature"] > 1.2
    assert f"{new.cfg['temperature']:.3f}" in done.stdout
    assert config["threshold"] is None
    for doc in (Doc(nlp.vocab, words=["saw", name]) for name in NAMES):
        (before,), (after,) = old.predict([doc]), new.predict([doc])
        assert [e[:3] for e in before.entities] == [e[:3] for e in after.entities]
        assert before.entities[0].score > after.entities[0].score


def test_a_pipeline_takes_its_own_place_with_what_is_beside_it(folder, tmp_path):
    shutil.copytree(folder / "model", tmp_path / "model")
    (tmp_path / "model" / "README.md").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "model")
    done = run(tmp_path / "model", folder / "dev.spacy", "-o", tmp_path / "link")
    assert done.exit_code == 0, done.output
    assert stored(tmp_path / "model")[1].cfg["temperature"] > 1.2
    assert (tmp_path / "model" / "README.md").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"model", "link"}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--precision", "0.9"], {"Ada", "Rome"}),
        (["--recall", "0.9"], set(NAMES)),
        (["--precision", "0.8", "--by-label"], {"Ada", "Rome"}),
    ],
)
def test_a_threshold_is_kept_in_the_config(folder, tmp_path, options, found):
    done = run(folder / "model", folder / "dev.spacy", "-o", tmp_path / "new", *options)
    assert done.exit_code == 0, done.output
    nlp, tagger, config = stored(tmp_path / "new")
    assert tagger.threshold == config["threshold"]
    assert isinstance(tagger.threshold, dict) == ("--by-label" in options)
    docs = nlp.pipe(Doc(nlp.vocab, words=["saw", name]) for name in NAMES)
    assert {ent.text for doc in docs for ent in doc.ents} == found


def test_candidates_can_keep_a_recall(folder, tmp_path):
    options = ("--recall", "0.9", "--spans", "candidates", "-o", tmp_path / "new")
    done = run(folder / "model", folder / "dev.spacy", *options)
    assert done.exit_code == 0, done.output
    nlp, tagger, _ = stored(tmp_path / "new")
    assert (tagger.threshold, tagger.spans_key) == (None, "candidates")
    doc = nlp(Doc(nlp.vocab, words=["saw", "May"]))
    assert [span.text for span in doc.spans["candidates"]] == ["May"]


def test_a_reader_that_leaves_costs_no_folder(folder, tmp_path):
    names = (folder / "model", folder / "dev.spacy", "-o", tmp_path / "new")
    with pytest.raises(SystemExit) as ended, closed_stdout():
        ner(["calibrate", *map(str, names)])
    assert ended.value.code == 0
    assert (tmp_path / "new" / "config.cfg").is_file()


@pytest.mark.parametrize(
    ("model", "dev", "options", "message"),
    [
        ("model", "nowhere.spacy", [], "no such file"),
        ("nowhere", "dev.spacy", [], "nowhere"),
        ("blank", "dev.spacy", [], "blank: must have one ner_tagger, and has 0"),
        ("model", "certain.spacy", [], "certain.spacy: 10 of the 10 entities"),
        ("model", "dev.spacy", ["--recall", "1"], "--recall 1: give a number between 0 and 1"),
        ("model", "dev.spacy", ["--precision", "95"], "--precision 95: give a number"),
        ("model", "dev.spacy", ["--precision", ".9", "--recall", ".9"], "not both"),
        ("model", "dev.spacy", ["--by-label"], "--by-label: give --precision or --recall"),
        ("model", "dev.spacy", ["--precision", ".9", "--spans", "x"], "--spans: candidates"),
        ("model", "dev.spacy", ["--recall", ".999"], "dev.spacy: too small for a recall of 0.999"),
        ("model", "dev.spacy", ["--precision", ".99"], "too small for a precision of 0.99"),
        ("model", "dev.spacy", ["--precision", ".97"], "no threshold is sure to have a precision"),
        ("model", "dev.spacy", ["--precision", ".9", "--by-label"], "a precision of 0.9 of LOC"),
        ("model", "dev.spacy", ["-o", "{folder}"], "one of it and"),
        ("model", "dev.spacy", ["-o", "{folder}/model/new"], "one of it and"),
        ("model", "dev.spacy", ["-o", "{folder}/blank"], "exists already; give a new folder"),
        ("model", "dev.spacy", ["-o", "setup.py"], "--output setup.py"),
    ],
)
def test_a_mistake_gets_one_line_and_nothing_is_written(folder, model, dev, options, message):
    there = sorted(folder.rglob("*"))
    options = [option.format(folder=folder) for option in options]
    done = run(folder / model, folder / dev, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert sorted(folder.rglob("*")) == there
