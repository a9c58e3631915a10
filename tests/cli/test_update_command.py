"""`python -m spacy ner update` on a tiny pipeline that learns another label."""

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from thinc.api import Adam, fix_random_seed
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.corpus.annotated_labels import set_annotated_labels
from spacy_ner_archs.pipeline.continue_training import WARM_UP, Schedule, usual_learn_rate

MODEL = {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1", "word_width": 16, "width": 16}
TEXT = ["Ada", "saw", "Rome", "in", "May"]
OLD = ["B-PER", "O", "B-LOC", "O", "O"]
NEW = ["O", "O", "O", "O", "B-DATE"]
FASTER = ["--learn-rate", "0.06"]


def write(path, words, ents, n=10, only=None):
    vocab = spacy.blank("en").vocab
    docs = [Doc(vocab, words=words, ents=ents) for _ in range(n)]
    for doc in docs if only else []:
        set_annotated_labels(doc, only)
    DocBin(docs=docs, store_user_data=True).to_disk(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("update")
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="names", config={"model": MODEL})
    docs = [Doc(nlp.vocab, words=TEXT, ents=OLD), Doc(nlp.vocab, words=["in"], ents=["O"])]
    examples = [Example(Doc(nlp.vocab, words=[t.text for t in d]), d) for d in docs]
    optimizer = Adam(0.02)
    nlp.initialize(lambda: examples)
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(folder / "model")
    write(folder / "new.spacy", TEXT, NEW)
    write(folder / "only_new.spacy", TEXT, NEW, only=["DATE"])
    write(folder / "dev.spacy", TEXT, [*OLD[:4], "B-DATE"])
    write(folder / "unannotated.spacy", TEXT, [""] * 5)
    spacy.blank("en").to_disk(folder / "blank")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["update", *map(str, args)])


def found(path):
    nlp = spacy.load(path)
    return {ent.text: ent.label_ for ent in nlp(Doc(nlp.vocab, words=TEXT)).ents}


@pytest.mark.parametrize(
    "options", [["new.spacy", "--only", "DATE"], ["only_new.spacy"]], ids=["option", "corpus"]
)
def test_a_new_label_beside_the_old_ones(folder, tmp_path, options):
    assert found(folder / "model") == {"Ada": "PER", "Rome": "LOC"}
    dev = "--dev", folder / "dev.spacy"
    corpus, *options = options
    arguments = folder / "model", folder / corpus, tmp_path / "new"
    result = run(*arguments, *options, *dev, "--epochs", 40, *FASTER)
    assert result.exit_code == 0, result.output
    assert "epoch 40: loss" in result.output
    assert found(tmp_path / "new") == {"Ada": "PER", "Rome": "LOC", "May": "DATE"}
    assert spacy.load(tmp_path / "new").meta["performance"]["ents_f"] == 1.0


def test_without_only_the_old_labels_are_denied(folder, tmp_path):
    arguments = folder / "model", folder / "new.spacy", tmp_path / "new"
    result = run(*arguments, "--epochs", 40, *FASTER)
    assert result.exit_code == 0, result.output
    assert found(tmp_path / "new") == {"May": "DATE"}


def test_a_span_that_was_rejected_is_unlearned_and_the_rest_is_kept(folder, tmp_path):
    doc = Doc(spacy.blank("en").vocab, words=TEXT, ents=[""] * 4 + ["O"])
    doc.spans["incorrect_spans"] = [Span(doc, 2, 3, label="LOC")]
    DocBin(docs=[doc] * 10).to_disk(tmp_path / "answers.spacy")
    arguments = folder / "model", tmp_path / "answers.spacy", tmp_path / "new"
    result = run(*arguments, "--epochs", 40, *FASTER)
    assert result.exit_code == 0, result.output
    assert found(folder / "model") == {"Ada": "PER", "Rome": "LOC"}
    assert found(tmp_path / "new").get("Ada") == "PER"
    assert found(tmp_path / "new").get("Rome") != "LOC"


def test_the_best_epoch_on_dev_is_kept(folder, tmp_path):
    """With annotation that takes the old labels away, the first is better than the last."""
    dev = tmp_path / "old.spacy"
    write(dev, TEXT, OLD)
    arguments = folder / "model", folder / "new.spacy", tmp_path / "new"
    result = run(*arguments, "--dev", dev, "--epochs", 30, *FASTER)
    assert result.exit_code == 0, result.output
    assert "epoch 30: loss" in result.output
    told = [float(line.split("F1 ")[1]) for line in result.output.splitlines() if "F1" in line]
    assert told[-1] < max(told)
    f1 = spacy.load(tmp_path / "new").meta["performance"]["ents_f"]
    assert f1 == pytest.approx(max(told) / 100, abs=1e-4)


@pytest.mark.parametrize(
    ("model", "corpus", "options", "message"),
    [
        ("none", "new.spacy", [], "none: "),
        ("blank", "new.spacy", [], "blank: must have one ner_tagger, and has 0"),
        ("model", "none.spacy", [], "none.spacy: no such file"),
        ("model", "unannotated.spacy", [], "unannotated.spacy: no entity annotation in it"),
        ("model", "new.spacy", ["--only", "PER"], "new.spacy: it has entities with DATE, too"),
        ("model", "dev.spacy", ["--only", "DATE"], "dev.spacy: it has entities with LOC, PER, too"),
        (
            "model",
            "new.spacy",
            ["--only", "DATE", "--only", "X"],
            "new.spacy: it has no entity",
        ),
        ("model", "new.spacy", ["--nlp.lang", "de"], "settings: nlp.lang: only training.batcher,"),
        ("model", "new.spacy", ["--training.max_steps", "9"], "settings: training.max_steps: only"),
        (
            "model",
            "new.spacy",
            ["--training.batcher.speed", "9"],
            "settings: the pipeline's config has no training.batcher.speed",
        ),
        ("model", "new.spacy", ["--training.seed", "x"], "settings: training.seed: "),
        ("model", "new.spacy", ["--training.dropout", "0"], "settings: training.dropout: give --d"),
    ],
)
def test_mistakes_get_one_line(folder, tmp_path, monkeypatch, model, corpus, options, message):
    monkeypatch.chdir(folder)
    result = run(model, corpus, tmp_path / "out", *options)
    assert result.exit_code == 1
    assert result.stderr.startswith(message)
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_rate_of_learning_rises_and_falls(folder):
    assert usual_learn_rate(spacy.load(folder / "model").get_pipe("names")) == 0.003
    schedule = Schedule(epochs=1, learn_rate=0.01, dropout=0.0)
    assert schedule.rate(0.0) == schedule.rate(1.0) == 0.0
    assert schedule.rate(WARM_UP / 2) == schedule.rate((1 + WARM_UP) / 2) == pytest.approx(0.005)
    assert schedule.rate(WARM_UP) == pytest.approx(0.01)


@pytest.mark.parametrize("spelled", ["model", "model/../model", "model/inside", "."])
def test_a_pipeline_is_not_written_over(folder, monkeypatch, spelled):
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    result = run("model", "new.spacy", spelled)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert sorted(folder.rglob("*")) == before
