"""`python -m spacy ner tune`: real trainings of a few steps."""

import csv
from pathlib import Path

import pytest
import spacy
import srsly
from spacy.tokens import Doc, DocBin
from spacy.util import load_config
from typer.testing import CliRunner

pytest.importorskip("optuna", reason="the extra [tune] is not installed")
from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.experiments import tuning

CONFIG = Path(__file__).parents[2] / "configs" / "bilstm.cfg"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tune")
    vocab = spacy.blank("en").vocab
    doc = Doc(vocab, words=["Ada", "saw", "Rome"], ents=["B-PER", "O", "B-LOC"])
    DocBin(docs=[doc] * 20).to_disk(folder / "corpus.spacy")
    described = {
        "config": str(CONFIG),
        "settings": {
            "training.max_steps": 6,
            "training.eval_frequency": 2,
            "paths.train": str(folder / "corpus.spacy"),
            "paths.dev": str(folder / "corpus.spacy"),
            "sizes.word_width": 4,
        },
        "space": {
            "training.optimizer.learn_rate": {"low": 0.0001, "high": 0.1, "log": True},
            "sizes.lstm_width": {"low": 4, "high": 8, "step": 2},
            "training.dropout": [0.1, 0.5],
        },
    }
    srsly.write_yaml(folder / "search.yml", described)
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["tune", *map(str, args)])


def trials_in(output):
    with (output / "trials.csv").open() as file:
        return list(csv.DictReader(file))


def test_it_searches_and_goes_on(folder):
    output = folder / "study"
    done = run(folder / "search.yml", output, "--trials", 3)
    assert done.exit_code == 0, done.output
    first = trials_in(output)
    assert len(first) == 3
    more = run(folder / "search.yml", output, "--trials", 6)
    assert more.exit_code == 0, more.output
    rows = trials_in(output)
    assert rows[:3] == first
    assert len(rows) == 6
    best = max((row for row in rows if row["state"] == "complete"), key=lambda r: float(r["score"]))
    config = load_config(output / "best.cfg").interpolate()
    rate = config["training"]["optimizer"]["learn_rate"]
    assert rate == pytest.approx(float(best["training.optimizer.learn_rate"]))
    assert config["components"]["ner"]["model"]["tok2vec"]["encode"]["width"] == int(
        best["sizes.lstm_width"]
    )
    other = run(folder / "search.yml", output, "--training.max_steps", 4)
    assert other.exit_code == 1
    assert "its study has another config or other settings" in other.stderr


def test_what_is_below_the_median_is_stopped(folder, tmp_path, monkeypatch):
    steps = []

    def fake(config, evaluated, *, gpu_id):
        score = 0.9 if len(study.trials) <= 6 else 0.1
        for step in (2, 4, 6):
            steps.append(step)
            evaluated(score, step)
        return score

    monkeypatch.setattr(tuning, "best_score", fake)
    search = tuning_space(folder)
    study = tuning.open_study(tmp_path, search)
    states = [tuning.run_trial(study, search, -1).state.name for _ in range(7)]
    assert states == ["COMPLETE"] * 6 + ["PRUNED"]
    assert steps == [2, 4, 6] * 6 + [2]


def tuning_space(folder):
    from spacy_ner_archs.experiments.search_space import read_space

    return read_space(folder / "search.yml", {})


def test_importances_are_of_what_matters(folder, tmp_path, monkeypatch):
    def fake(config, evaluated, *, gpu_id):
        return float(config["training"]["optimizer"]["learn_rate"])

    monkeypatch.setattr(tuning, "best_score", fake)
    search = tuning_space(folder)
    study = tuning.open_study(tmp_path, search)
    assert tuning.importances(study) == {}
    for _ in range(20):
        tuning.run_trial(study, search, -1)
    shares = tuning.importances(study)
    assert max(shares, key=shares.get) == "training.optimizer.learn_rate"
    assert sum(shares.values()) == pytest.approx(1)


def test_a_trial_that_fails_does_not_count(folder, tmp_path, monkeypatch):
    def fake(config, evaluated, *, gpu_id):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(tuning, "best_score", fake)
    done = run(folder / "search.yml", tmp_path / "failing", "--trials", 2)
    assert done.exit_code == 1
    assert "a trial can't be trained: out of memory" in done.stderr
    study = tuning.open_study(tmp_path / "failing", tuning_space(folder))
    assert ([trial.state.name for trial in study.trials], tuning.n_done(study)) == (["FAIL"], 0)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.yml", "out"], "nowhere.yml"),
        (["search.yml", "search.yml"], "search.yml"),
        (["search.yml", "out", "--training.drop", "1"], "has no training.drop"),
    ],
)
def test_a_mistake_gets_one_line(folder, monkeypatch, args, message):
    monkeypatch.chdir(folder)
    done = run(*args)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
