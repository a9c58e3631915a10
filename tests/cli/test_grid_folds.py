"""`python -m spacy ner grid --folds`, and `ner report` of what it makes: real trainings."""

import csv
import json

import forked
import pytest
import spacy
import srsly
from short_training import short_training
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.experiments import processes

NAMES = ["Ada", "Grace", "Alan", "Rome", "Cork", "Lima"]


@pytest.fixture(scope="module", autouse=True)
def trainings_in_forks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "subprocess", forked)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Docs that differ, other ones to choose the best step on, and a grid of one cell."""
    folder = tmp_path_factory.mktemp("folds")
    vocab = spacy.blank("en").vocab
    docs = [
        Doc(vocab, words=[first, verb, second], ents=[f"B-{'PER' if i < 3 else 'LOC'}", "O", "O"])
        for i, first in enumerate(NAMES)
        for verb in ("saw", "met")
        for second in ("it", "them")
    ]
    described = {
        **short_training(folder, max_steps=10),
        "axes": {"network": {"tiny": {}}},
    }
    described["settings"]["training.optimizer.learn_rate"] = 0.05
    DocBin(docs=docs).to_disk(folder / "train.spacy")
    described["settings"]["paths.train"] = str(folder / "train.spacy")
    srsly.write_yaml(folder / "grid.yml", described)
    return folder


def run(*args):
    return CliRunner().invoke(ner, list(map(str, args)))


def grid(folder, output, *options):
    return run("grid", folder / "grid.yml", folder / output, *options)


@pytest.fixture(scope="module")
def whole(folder):
    done = grid(folder, "whole", "--folds", 2)
    assert done.exit_code == 0, done.output
    with (folder / "whole" / "grid.csv").open() as file:
        return list(csv.DictReader(file))


def test_each_fold_is_scored_by_the_pipeline_that_has_not_seen_it(folder, whole):
    assert [(row["network"], row["fold"]) for row in whole] == [("tiny", "0"), ("tiny", "1")]
    every = []
    for row in whole:
        name = f"fold-{row['fold']}"
        nlp = spacy.load(folder / "whole" / "tiny" / "seed-0" / name / "model-best")
        assert nlp.config["paths"]["train"].endswith(f"{name}/train.spacy")
        held_out = list(Corpus(folder / "whole" / "folds" / name / "held_out.spacy")(nlp))
        assert len(held_out) == 12
        for example in held_out:
            example.predicted = nlp(example.predicted)
        assert get_ner_prf(held_out)["ents_f"] == pytest.approx(float(row["held_out_f"]), abs=1e-6)
        every += held_out
    pooled = get_ner_prf(every)["ents_f"]
    assert [float(row["pooled_f"]) for row in whole] == pytest.approx([pooled] * 2, abs=1e-6)
    assert pooled > 0  # something was learned


def test_the_summary_has_both_scores(folder, whole):
    summary = (folder / "whole" / "grid.md").read_text()
    assert "held-out F1 | pooled F1" in summary
    assert "over 2 folds and one seed" in summary
    assert "held-out" in (folder / "whole" / "grid.svg").read_text()


def test_the_report_has_all_docs_and_all_folds(folder, whole, tmp_path):
    seed = folder / "whole" / "tiny" / "seed-0"
    done = run("report", seed, folder / "train.spacy", "--output", tmp_path)
    assert done.exit_code == 0, done.output
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["ents_f"] == pytest.approx(float(whole[0]["pooled_f"]), abs=1e-6)
    assert (report["corpus"]["docs"], report["support"]) == (24, 24)
    assert set(report["training"]) == set(report["slices"]["fold"]) == {"fold-0", "fold-1"}
    assert report["confidence"] is not None
    assert "By fold" in (tmp_path / "report.html").read_text()


def test_nothing_is_done_twice_however_the_output_is_spelled(folder, whole):
    files = [*(folder / "whole").glob("*/seed-0/fold-*/result.json")]
    files += (folder / "whole").glob("*/seed-0/held_out.json")
    written = [file.stat().st_mtime_ns for file in files]
    before = (folder / "whole" / "grid.csv").read_bytes()
    done = grid(folder, "whole/../whole", "--folds", 2)
    assert done.exit_code == 0, done.output
    assert done.stdout.count("(done before)") == 2
    assert [file.stat().st_mtime_ns for file in files] == written
    assert (folder / "whole" / "grid.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        ("whole", ["--folds", 3], "has 2 folds of"),
        ("whole", ["--folds", 2, "--fold-seed", 1], "dealt with seed 0, and not these"),
        ("whole", [], "seed-0 is cross-validated; give another folder"),
        ("new", ["--folds", 1], "--folds 1: 1 folds can't be told apart; give 2 or more"),
        ("new", ["--folds", 0], "--folds 0: 0 folds can't be told apart; give 2 or more"),
        ("new", ["--folds", 25], "24 Docs can't be dealt into 25 folds"),
        ("new", ["--fold-seed", 1], "--fold-seed 1: give --folds, too"),
        ("new", ["--folds", 2, "--paths.train", "grid.yml"], "grid.yml: folds are made of"),
        ("new", ["--folds", 2, "--paths.dev", "train.spacy"], "dev is the training corpus"),
        ("grid.yml", ["--folds", 2], "grid.yml"),
    ],
)
def test_a_mistake_gets_one_line(folder, whole, monkeypatch, output, options, message):
    monkeypatch.chdir(folder)
    done = grid(folder, output, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "new").exists()


def test_a_changed_corpus_is_refused(folder, whole):
    file = folder / "train.spacy"
    corpus = file.read_bytes()
    try:
        file.write_bytes(corpus + b" ")
        again = grid(folder, "whole", "--folds", 2)
        report = run("report", folder / "whole" / "tiny" / "seed-0", file)
    finally:
        file.write_bytes(corpus)
    assert again.exit_code == report.exit_code == 1
    assert "has 2 folds of" in again.stderr
    assert "isn't the corpus of the folds, or was changed" in report.stderr
    assert len(again.stderr.splitlines()) == len(report.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("corpus", "options", "message"),
    [
        ("corpus.spacy", [], "isn't the corpus of the folds, or was changed"),
        ("nowhere.spacy", [], "no such file; the folds are those of"),
        ("train.spacy", ["--train", "corpus.spacy"], "training data are the other folds"),
    ],
)
def test_another_corpus_is_refused_by_the_report(folder, whole, corpus, options, message):
    done = run("report", folder / "whole" / "tiny" / "seed-0", folder / corpus, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
