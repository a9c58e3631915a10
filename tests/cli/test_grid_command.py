"""`python -m spacy ner grid`: real trainings of a few steps."""

import os
import signal
import subprocess
import sys
import time
from subprocess import STDOUT
from types import SimpleNamespace

import forked
import pytest
import srsly
from short_training import CONFIG, short_training
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.experiments import processes


@pytest.fixture(scope="module", autouse=True)
def trainings_in_forks():
    """Not those of a command that is a new process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "subprocess", forked)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A corpus, a grid of two short trainings, and another of which one can't be trained."""
    folder = tmp_path_factory.mktemp("grid")
    described = {
        **short_training(folder, max_steps=4),
        "axes": {
            "rate": {
                rate: {"training.optimizer.learn_rate": float(rate)} for rate in ("0.01", "0.1")
            }
        },
    }
    srsly.write_yaml(folder / "grid.yml", described)
    described["axes"]["rate"]["0.1"] = {"training.dev_corpus": "corpora.nowhere"}
    srsly.write_yaml(folder / "failing.yml", described)
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["grid", *map(str, args)])


@pytest.fixture(scope="module")
def whole(folder):
    """The grid, never stopped."""
    done = run(folder / "grid.yml", folder / "whole", "--test", folder / "corpus.spacy")
    assert done.exit_code == 0, done.output
    return done


def test_it_trains_all_and_tells_the_means(folder, whole):
    assert "0.01" in whole.stdout
    rows = (folder / "whole" / "grid.csv").read_text().splitlines()
    assert rows[0] == "rate,seed,steps,dev_p,dev_r,dev_f,test_p,test_r,test_f"
    assert [row.split(",")[:3] for row in rows[1:]] == [
        [rate, "0", "4"] for rate in ("0.01", "0.1")
    ]
    assert (folder / "whole" / "0.1" / "seed-0" / "report" / "report.html").is_file()
    assert "test F1" in (folder / "whole" / "grid.md").read_text()
    assert (folder / "whole" / "grid.svg").read_text().startswith("<svg")


def kill_in_second(command, **settings):
    """Start a training in a fork. The command is killed when it has started its second one."""
    training = forked.Popen(command, **settings)
    if "/0.1/" in str(command):
        os.kill(os.getpid(), signal.SIGKILL)  # and not the training, which goes on
    return training


def test_a_killed_one_goes_on_to_the_same_results(folder, whole, monkeypatch):
    output = folder / "killed"
    arguments = [folder / "grid.yml", output, "--test", folder / "corpus.spacy"]
    with monkeypatch.context() as patch:
        patch.setattr(processes, "subprocess", SimpleNamespace(Popen=kill_in_second, STDOUT=STDOUT))
        process = begin(forked, *arguments)
    assert process.wait() == -signal.SIGKILL
    first = output / "0.01" / "seed-0" / "result.json"
    assert list(output.glob("0.1/.unfinished-*/output.txt"))
    written = first.stat().st_mtime_ns
    done = run(*arguments)
    if is_left(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
    assert done.exit_code == 0, done.output
    assert first.stat().st_mtime_ns == written  # not trained again
    assert (output / "grid.csv").read_text() == (folder / "whole" / "grid.csv").read_text()
    again = run(*arguments)
    assert again.exit_code == 0
    assert again.stdout.count("(done before)") == 2


def begin(processes, *arguments):
    """Start the command as a group of its own."""
    command = [sys.executable, "-m", "spacy", "ner", "grid", *arguments]
    with open(os.devnull, "w") as nowhere:
        return processes.Popen(command, stdout=nowhere, start_new_session=True)


def wait_for(condition, process):
    deadline = time.monotonic() + 300
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_left(pid):
    """Whether a group has processes yet."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_other_settings_and_other_data_are_refused(folder, whole):
    done = run(folder / "grid.yml", folder / "whole", "--training.max_steps", "2")
    assert done.exit_code == 1
    assert "has a training with other settings or data; move it away" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    corpus = (folder / "corpus.spacy").read_bytes()
    try:
        (folder / "corpus.spacy").write_bytes(corpus + b" ")
        other = run(folder / "grid.yml", folder / "whole")
    finally:
        (folder / "corpus.spacy").write_bytes(corpus)
    assert other.exit_code == 1
    assert "has a training with other settings or data; move it away" in other.stderr


def test_sigterm_ends_its_trainings(folder):
    """As a user runs it: the command and its trainings are new processes."""
    output = folder / "terminated"
    process = begin(subprocess, folder / "grid.yml", output)
    wait_for(lambda: list(output.glob("0.1/.unfinished-*/output.txt")), process)
    process.terminate()
    assert process.wait(60) == 1
    deadline = time.monotonic() + 60
    while is_left(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (output / "0.01" / "seed-0" / "result.json").is_file()


def test_one_that_fails_is_told_and_the_others_are_kept(folder):
    done = run(folder / "failing.yml", folder / "failing")
    assert done.exit_code == 1
    assert "0.1, seed 0: " in done.stderr
    assert "1 of 2 trainings failed" in done.stderr
    assert len(list((folder / "failing").glob("*/seed-0/result.json"))) == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.yml", "out"], "nowhere.yml"),
        ([CONFIG, "out"], "bilstm.cfg: "),
        (["grid.yml", "grid.yml"], "grid.yml"),
        (
            ["grid.yml", "out", "--test", "nowhere.spacy"],
            "no such .spacy file",
        ),
        (["grid.yml", "out", "--test", "grid.yml"], "--test grid.yml: no such .spacy file"),
        (["grid.yml", "out", "--training.drop", "1"], "has no training.drop"),
        (["grid.yml", "out", "--job", "3"], "settings: "),
        (["grid.yml", "out", "--training.optimizer.learn_rate", "1"], "is set by the grid itself"),
    ],
)
def test_a_mistake_gets_one_line(folder, monkeypatch, args, message):
    monkeypatch.chdir(folder)
    done = run(*args)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
