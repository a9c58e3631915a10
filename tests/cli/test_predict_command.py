"""`python -m spacy ner predict` on a tiny pipeline."""

import json
import signal
import sys
from errno import ENOSPC
from time import sleep

import pytest
from forked import Popen
from tiny_pipeline import TEXTS, tiny_pipeline
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.inference import run as runs
from spacy_ner_archs.inference import shards as shards_module
from spacy_ner_archs.inference.manifest import NAME, locked

N_TEXTS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predict")
    tiny_pipeline().to_disk(folder / "model")
    rows = [{"id": i, "text": f"{TEXTS[i % len(TEXTS)]} {i}"} for i in range(N_TEXTS)]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "in.txt").write_text("".join(f"{row['text']}\n" for row in rows))
    bad = ["not JSON", '{"text": 5}', '{"text": "Ann", "entities": []}']
    (folder / "bad.jsonl").write_text("\n".join(['{"text": "Ann"}', *bad, '{"text": "Bob"}']))
    (folder / "empty.txt").touch()
    (folder / "texts").mkdir()
    (folder / "texts" / "b.txt").write_text("Ann")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "thesis.txt").write_text("mine")
    (folder / "foreign.jsonl.shards").mkdir()
    (folder / "foreign.jsonl.shards" / "thesis.txt").write_text("mine")
    done = predict(folder / "model", folder / "in.jsonl", folder / "whole.jsonl")
    assert done.exit_code == 0, done.output
    return folder


def predict(*args, input=None):
    return CliRunner().invoke(ner, ["predict", *map(str, args)], input=input)


def predict_in_fork(folder, output):
    arguments = [folder / "model", folder / "in.jsonl", output, "--shard-size", 5]
    command = [sys.executable, "-m", "spacy", "ner", "predict", *map(str, arguments)]
    with (folder / "output.txt").open("w") as file:
        return Popen(command, stdout=file)


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_texts_become_rows_in_their_order(folder):
    found = rows(folder / "whole.jsonl")
    assert [row["id"] for row in found] == list(range(N_TEXTS))
    # the pipeline has never seen a number, as the one at the end
    assert [e["text"] for e in found[0]["entities"] if not e["text"].isdigit()] == ["Ann", "Paris"]
    assert not list(folder.glob("whole.jsonl?*"))


def test_a_name_without_an_ending_is_a_folder_of_shards(folder):
    output = folder / "shards"
    done = predict(folder / "model", folder / "in.jsonl", output, "--shard-size", 100)
    assert done.exit_code == 0, done.output
    names = [f"shard-{i:05}.jsonl" for i in range(3)]
    assert sorted(path.name for path in output.iterdir()) == [NAME, *names]
    joined = "".join((output / name).read_text() for name in names)
    assert len(joined.splitlines()) == N_TEXTS
    again = predict(folder / "model", folder / "in.txt", output)
    assert again.exit_code == 0, again.output
    assert sorted(path.name for path in output.iterdir()) == [NAME, names[0]]


def test_a_pipe_is_read_and_written(folder):
    done = predict(folder / "model", "-", "-", "--threshold", 0.5, input="Ann\nnobody\n")
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in found] == ["Ann", "nobody"]
    assert [e["label"] for e in found[0]["entities"]] == ["PER"]


def test_two_processes_write_what_one_does(folder):
    output = folder / "two.jsonl"
    options = ("--processes", 2, "--shard-size", 80)
    done = predict(folder / "model", folder / "in.jsonl", output, *options)
    assert done.exit_code == 0, done.output
    one = folder / "one.jsonl"
    predict(folder / "model", folder / "in.jsonl", one, "--processes", 1, "--shard-size", 80)
    assert output.read_bytes() == one.read_bytes()
    assert len(rows(one)) == N_TEXTS


def test_texts_that_fail_are_written_aside_with_the_reason(folder):
    output = folder / "good.jsonl"
    done = predict(folder / "model", folder / "bad.jsonl", output)
    assert done.exit_code == 3
    assert [row["text"] for row in rows(output)] == ["Ann", "Bob"]
    failed = rows(folder / "good.jsonl.failed.jsonl")
    assert [row["place"] for row in failed] == [f"{folder / 'bad.jsonl'}:{i}" for i in (2, 3, 4)]
    reasons = ("not JSON", "'text' is no text, but 5", "has a field 'entities' already")
    assert all(reason in row["error"] for reason, row in zip(reasons, failed, strict=True))
    assert predict(folder / "model", folder / "in.txt", output).exit_code == 0
    assert not (folder / "good.jsonl.failed.jsonl").exists()


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_goes_on(folder, seed, tmp_path):
    output = tmp_path / "out.jsonl"
    whole = tmp_path / "whole.jsonl"
    predict(folder / "model", folder / "in.jsonl", whole, "--shard-size", 5, "--processes", 1)
    n_before = 0
    for n in range(3):
        process = predict_in_fork(folder, output)
        wait_for_shards(output, n_before + 3 + 7 * seed + n)
        process.send_signal(signal.SIGKILL)
        process.wait()
        n_before = len(shards(output))
        assert not output.exists()
    assert 0 < n_before < N_TEXTS / 5
    computed = count_computed(folder, output)
    assert computed <= N_TEXTS / 5 - n_before + 1
    assert output.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("out.jsonl?*"))


def shards(output):
    manifest = output.with_name(output.name + runs.SHARDS) / NAME
    return json.loads(manifest.read_text())["shards"] if manifest.exists() else {}


def wait_for_shards(output, n):
    for _ in range(3000):
        if len(shards(output)) >= n:
            return
        sleep(0.01)
    raise AssertionError("no such shard")


def count_computed(folder, output):
    """Finish a run; returns how many shards it had to compute."""
    computed = []
    write = runs.ShardWriter.write

    def counted(*args):
        computed.append(args)
        return write(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs.ShardWriter, "write", counted)
        options = ("--shard-size", 5, "--processes", 1)
        done = predict(folder / "model", folder / "in.jsonl", output, *options)
    assert done.exit_code == 0, done.output
    return len(computed)


def stopped(folder, output):
    process = predict_in_fork(folder, output)
    wait_for_shards(output, 2)
    process.terminate()
    assert process.wait() == 130
    assert "Stopped. The same command goes on" in (folder / "output.txt").read_text()


def test_a_stopped_run_says_so_and_goes_on_with_its_own_settings_only(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    stopped(folder, output)
    other = predict(folder / "model", folder / "in.jsonl", output, "--threshold", 0.9)
    assert other.exit_code == 1
    assert "a run with other settings was stopped (shard_size, threshold)" in other.stderr
    assert count_computed(folder, output) < N_TEXTS / 5
    assert [row["id"] for row in rows(output)] == list(range(N_TEXTS))


def test_a_full_disk_costs_one_line_and_no_shard(folder, tmp_path, monkeypatch):
    output = tmp_path / "out.jsonl"
    replace = shards_module.replace_files

    def full(files):
        if any("shard-00003" in path.name for path in files):
            raise OSError(ENOSPC, "No space left on device", str(output))
        replace(files)

    monkeypatch.setattr(shards_module, "replace_files", full)
    options = ("--shard-size", 5, "--processes", 1)
    done = predict(folder / "model", folder / "in.jsonl", output, *options)
    assert done.exit_code == 1
    assert "out.jsonl: No space left on device" in done.stderr
    assert not output.exists()
    monkeypatch.undo()
    assert count_computed(folder, output) == N_TEXTS / 5 - 3


def test_changed_texts_are_computed_anew(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    stopped(folder, output)
    text = (folder / "in.jsonl").read_text()
    changed = tmp_path / "changed.jsonl"
    changed.write_text(text.replace('{"id": 0, "text": "Ann', '{"id": 0, "text": "Bob'))
    options = ("--shard-size", 5, "--processes", 1)
    done = predict(folder / "model", changed, output, *options)
    assert done.exit_code == 0, done.output
    assert rows(output)[0]["entities"][0]["text"] == "Bob"


def test_two_runs_do_not_write_one_output(folder, tmp_path):
    output = tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.shards").mkdir()
    with locked(tmp_path / "out.jsonl.shards"):
        spelled_otherwise = tmp_path / "x" / ".." / "out.jsonl"
        (tmp_path / "x").mkdir()
        done = predict(folder / "model", folder / "in.jsonl", spelled_otherwise)
    assert done.exit_code == 1
    assert "another run writes there" in done.stderr
    assert not output.exists()


@pytest.mark.parametrize(("source", "output"), [("in.txt", "a.parquet"), ("a.parquet", "-")])
def test_parquet_needs_an_extra(folder, monkeypatch, tmp_path, source, output):
    (tmp_path / "a.parquet").touch()
    (tmp_path / "in.txt").touch()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = predict(folder / "model", tmp_path / source, tmp_path / output)
    assert done.exit_code == 1
    assert 'pip install "spacy-ner-archs[parquet]"' in done.stderr


@pytest.mark.parametrize(
    ("inputs", "output", "options", "reason"),
    [
        ("in.txt", "a.doc", (), "no output ends so"),
        ("in.jsonl", "in.jsonl", (), "are in one place"),
        ("in.jsonl", "model/../in.jsonl", (), "are in one place"),
        ("texts", "texts/a.jsonl", (), "are in one place"),
        ("texts/b.txt", "texts", (), "are in one place"),
        ("in.txt", "foreign", (), "a folder with other files"),
        ("in.txt", "foreign.jsonl", (), "has files of something else"),
        ("in.jsonl", "in.txt/a.jsonl", (), "Not a directory"),
        ("missing.txt", "a.jsonl", (), "No such file"),
        ("empty.txt", "a.jsonl", (), "there is no text in it"),
        ("in.jsonl", "a.jsonl", ("--text-key", "body"), "no 'body' in it, but id, text"),
        ("in.jsonl", "a.jsonl", ("--input-format", "parquet"), "in.jsonl: can't be read to its"),
        ("in.txt", "a.jsonl", ("--input-format", "xml"), "give one of text, jsonl"),
        ("in.txt", "a.jsonl", ("--output-format", "conll"), "doesn't end so"),
        ("in.txt", "a.jsonl", ("--threshold", "high"), "--threshold"),
        ("in.txt", "a.jsonl", ("--threshold", "1.5"), "threshold must be from 0 to 1"),
        ("in.txt", "a.jsonl", ("--threshold", "ORG=0.5"), "threshold has a number for ORG"),
        ("in.txt", "a.jsonl", ("--candidates", "0"), "min_score must be above 0"),
        ("in.txt", "a.jsonl", ("--processes", "0"), "--processes 0: give 1 or more"),
        ("in.txt", "a.jsonl", ("--dtype", "float16"), "float16"),
    ],
)
def test_mistakes_cost_one_line_and_no_file(folder, tmp_path, inputs, output, options, reason):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    done = predict(folder / "model", folder / inputs, folder / output, *options)
    assert done.exit_code == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert after == before
