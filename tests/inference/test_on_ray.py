"""A real Ray of two CPUs, started once; its actors are processes of their own."""

import json
import os
import pickle
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import Mock

import pytest
import spacy
from tagged import example

pytest.importorskip("ray", reason="the extra [ray] is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from killing_component import FAILS, KILLS

from spacy_ner_archs.inference import on_ray
from spacy_ner_archs.inference.manifest import Manifest, Shard, digest_of
from spacy_ner_archs.inference.on_ray import Actors, run_on_ray
from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.inference.reading.files import Inputs
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.run import Output, run
from spacy_ner_archs.inference.workers import Recipe

MODEL = {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1", "word_width": 8, "width": 8}
ENTRY_POINTS = "[spacy_factories]\nkilling = killing_component:Killing\n"
TEXTS = [f"Ada saw Rome {i} times" for i in range(800)]
TEXTS[300], TEXTS[500], TEXTS[700] = FAILS, KILLS, ""
#: Of a file, and of a shard.
ROWS = 200


@pytest.fixture(scope="module", autouse=True)
def two_cpus():
    """Paths of sockets must be short, which pytest's folders aren't."""
    with TemporaryDirectory(prefix="ray") as folder, pytest.MonkeyPatch.context() as patch:
        package = Path(folder, "lib", "killing-1.dist-info")
        package.mkdir(parents=True)
        (package / "METADATA").write_text("Name: killing\nVersion: 1\n")
        (package / "entry_points.txt").write_text(ENTRY_POINTS)
        paths = [package.parent, Path(__file__).parents[1], Path(__file__).parents[2]]
        patch.setenv("PYTHONPATH", os.pathsep.join(map(str, paths)))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_TOKEN", "0" * 32)  # else Ray writes one to the user's folder
        ray.init(
            address="local",
            num_cpus=2,
            object_store_memory=100_000_000,
            include_dashboard=False,
            log_to_driver=False,
            _node_ip_address="127.0.0.1",
            _temp_dir=folder,
        )
        yield
        ray.shutdown()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A pipeline's folder; beside it is the file `killed` when a process has been killed."""
    folder = tmp_path_factory.mktemp("model")
    nlp = spacy.blank("en")
    nlp.add_pipe("killing", config={"marker": str(folder / "killed")})
    nlp.add_pipe("ner_tagger", name="ner", config={"model": MODEL})
    words = ["Ada", "saw", "Rome", "7", "times"]
    nlp.initialize(lambda: [example("B-PER O B-LOC O O", "O O O O O", words)])
    nlp.to_disk(folder / "pipeline")
    return folder / "pipeline"


def write_parquet(folder):
    folder.mkdir()
    for i in range(0, len(TEXTS), ROWS):
        columns = {"id": range(i, i + ROWS), "text": TEXTS[i : i + ROWS], "tags": [["a"]] * ROWS}
        pq.write_table(pa.table(columns), folder / f"{i:03}.parquet")


def locally(recipe, inputs, output):
    """The same in this process."""
    return run(recipe, recipe.make(), Inputs(inputs, None, "text"), output, Mock(), ROWS)


def contents(folder):
    """Of the shards, and of the texts that failed, in the order of their names."""
    shards = [pq.read_table(file) for file in sorted(folder.glob("*.parquet"))]
    return shards, [file.read_text() for file in sorted((folder / "_failed").glob("*"))]


def test_two_actors_one_of_which_is_killed(model, tmp_path):
    write_parquet(tmp_path / "in")
    recipe = Recipe(str(model), Settings(0.2, 0.05, 32), "parquet", -1)
    inputs = Inputs([tmp_path / "in"], None, "text")
    output = Output(tmp_path / "out", "parquet", is_folder=True)
    found = run_on_ray(recipe, inputs, output, ROWS, actors=Actors(2))
    assert int((model.parent / "killed").read_text()) != os.getpid()

    expected = output._replace(path=tmp_path / "expected")
    assert found == locally(recipe, [tmp_path / "in"], expected)
    assert (found.texts, found.failed) == (len(TEXTS) - 1, 1)
    tables, failed = contents(output.path)
    assert (tables, failed) == contents(expected.path)
    rows = pa.concat_tables(tables).to_pylist()
    assert [row["text"] for row in rows] == [text for text in TEXTS if text != FAILS]
    assert all(row["tags"] == ["a"] for row in rows)
    assert (
        0 < sum(len(row["entities"]) for row in rows) < sum(len(row["candidates"]) for row in rows)
    )
    [failure] = map(json.loads, failed)
    assert (failure["id"], failure["error"]) == (300, "ValueError: this text fails")


def test_what_an_earlier_run_has_done_is_not_done_again(model, tmp_path):
    records = [Record("a:1", "Ada saw Rome", {"text": "Ada saw Rome"})]
    shard = Shard(digest_of(records), texts=1, words=3, entities=9, failed=0)
    recipe = Recipe(str(model), Settings(), "jsonl", -1)
    writer = on_ray._Writer(recipe, tmp_path, Manifest({}, {7: shard}), Actors())
    for number, is_known in ((7, True), (8, False)):
        table = pa.table({"number": [number], "records": [pickle.dumps(records)]})
        [row] = writer(table).to_pylist()
        assert row["number"] == number
        assert (row["entities"] == 9) is is_known
    assert [file.name for file in tmp_path.iterdir()] == ["shard-00008.jsonl"]


def test_not_even_one_process_fits():
    with pytest.raises(ValueError, match=r"needs 1 CPUs and 0\.5 GPUs; Ray has 2 and 0"):
        on_ray._that_fit(Actors(gpus=0.5))
    assert on_ray._that_fit(Actors()).number == 2


def test_the_reason_of_another_process_is_one_line(model, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.parquet").write_text("not Parquet")
    recipe = Recipe(str(model), Settings(), "jsonl", -1)
    output = Output(tmp_path / "out.jsonl", "jsonl", is_folder=False)
    inputs = Inputs([tmp_path / "in"], None, "text")
    with pytest.raises(ValueError, match=r"^/.*/a\.parquet: .*footer.*$"):
        run_on_ray(recipe, inputs, output, actors=Actors(1))
    assert not output.path.exists()


def test_a_machine_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = "{}:{}".format(*closed.getsockname())
    reason = f"can't use Ray at {address}: .*refused"
    with pytest.raises(ConnectionError, match=reason), on_ray._connected(address):
        pass
