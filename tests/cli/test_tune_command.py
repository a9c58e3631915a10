"""`python -m spacy ner tune`: real trainings of a few steps."""

import csv
import os
import sys
from multiprocessing import get_context

import pytest
import srsly
from short_training import short_training
from spacy.util import load_config
from typer.testing import CliRunner

pytest.importorskip("optuna", reason="the extra [tune] is not installed")
from optuna.distributions import FloatDistribution

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.experiments import tuning
from spacy_ner_archs.experiments.search_space import read_space
from spacy_ner_archs.experiments.tuning import Tuning


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tune")
    described = {
        **short_training(folder, max_steps=6),
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
    assert "its study has other settings, space or data" in other.stderr


def test_a_study_is_of_one_space(folder, tmp_path, tuning_of):
    search = tuning_of(lambda *_: 0.5)
    search.run(search.next_trial(1))
    wider = search.search._replace(space={"training.dropout": FloatDistribution(0.1, 0.9)})
    with pytest.raises(ValueError, match="other settings, space or data"):
        Tuning(tmp_path, wider, -1)
    assert [trial.state.name for trial in search.study.trials] == ["COMPLETE"]


@pytest.fixture
def tuning_of(folder, tmp_path, monkeypatch):
    """A search whose trainings are a function of the config and the reporting of scores."""

    def make(score):
        monkeypatch.setattr(
            tuning, "best_score", lambda config, evaluated, *, gpu_id: score(config, evaluated)
        )
        return Tuning(tmp_path, read_space(folder / "search.yml", {}), -1)

    return make


def test_what_is_below_the_median_is_stopped(tuning_of):
    steps = []

    def score(config, evaluated):
        value = 0.9 if len(search.study.trials) <= 6 else 0.1
        for step in (0, 2, 4, 6):
            steps.append(step)
            evaluated(value if step else 0.01 * len(steps), step)
        return value

    search = tuning_of(score)
    states = [search.run(search.next_trial(7)).state.name for _ in range(7)]
    assert states == ["COMPLETE"] * 6 + ["PRUNED"]
    assert steps == [0, 2, 4, 6] * 6 + [0, 2]  # the score before the first step tells nothing
    assert search.next_trial(7) is None


def test_importances_are_of_what_matters(tuning_of):
    search = tuning_of(lambda config, _: float(config["training"]["optimizer"]["learn_rate"]))
    assert tuning.importances(search.study) == {}
    for _ in range(20):
        search.run(search.next_trial(20))
    shares = tuning.importances(search.study)
    assert max(shares, key=shares.get) == "training.optimizer.learn_rate"
    assert sum(shares.values()) == pytest.approx(1)


def test_trials_of_others_count_while_they_run(tuning_of):
    search = tuning_of(lambda *_: 0.5)
    one = search.next_trial(2)
    one.set_user_attr(tuning.PROCESS, os.getppid())
    other = search.next_trial(2)
    other.set_user_attr(tuning.PROCESS, os.getppid())
    assert search.next_trial(2) is None
    search.run(one)
    assert search.n_done == 1
    other.set_user_attr(tuning.PROCESS, 2**22 + 1)  # no such process: it was killed
    assert search.next_trial(2) is not None
    assert [trial.state.name for trial in search.study.trials] == ["COMPLETE", "FAIL", "RUNNING"]
    assert search.next_trial(2) is not None  # of our own number, but we have none that runs
    states = [trial.state.name for trial in search.study.trials]
    assert states == ["COMPLETE", "FAIL", "FAIL", "RUNNING"]


def test_trials_that_fail_do_not_count_and_too_many_end_it(folder, tmp_path, tuning_of):
    def score(config, evaluated):
        raise RuntimeError("out of memory")

    search = tuning_of(score)
    done = run(folder / "search.yml", tmp_path, "--trials", 5)
    assert done.exit_code == 1
    assert done.stderr.count("out of memory") == 3
    assert "3 trials failed" in done.stderr
    assert search.n_done == 0


def test_several_processes_search_at_once(folder, tmp_path, monkeypatch):
    context = get_context("fork")
    both_are_here = context.Barrier(2, timeout=60)

    def best_score(config, evaluated, *, gpu_id):
        """Of a process's first trial when the other has begun one."""
        monkeypatch.setattr(tuning, "best_score", lambda *_, **__: 0.5)
        both_are_here.wait()
        return 0.5

    def search():
        sys.exit(run(folder / "search.yml", tmp_path, "--trials", 4).exit_code)

    monkeypatch.setattr(tuning, "best_score", best_score)
    processes = [context.Process(target=search) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(trials_in(tmp_path)) == 4


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.yml", "out"], "nowhere.yml"),
        (["search.yml", "search.yml"], "search.yml"),
        (["search.yml", "out", "--training.drop", "1"], "has no training.drop"),
        (["search.yml", "out", "--training.dropout", "1"], "training.dropout is in the space"),
        (["search.yml", "out", "--trial", "3"], "settings: "),
    ],
)
def test_a_mistake_gets_one_line(folder, monkeypatch, args, message):
    monkeypatch.chdir(folder)
    done = run(*args)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
