"""A real Ray of two CPUs, started once; its actors are processes of their own."""

import gzip
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import spacy
from tagged import example

pytest.importorskip("ray", reason="the extra [ray] is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from killing_component import FAILS, KILLS

from spacy_ner_archs.inference.on_ray import Actors, Counts, predict_on_ray
from spacy_ner_archs.inference.predictor import Predictor, Settings

MODEL = {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1", "word_width": 8, "width": 8}
ENTRY_POINTS = "[spacy_factories]\nkilling = killing_component:Killing\n"
TEXTS = [f"Ada saw Rome {i} times" for i in range(800)]
TEXTS[300], TEXTS[500], TEXTS[700] = FAILS, KILLS, ""
#: Of a file.
ROWS = 200
SETTINGS = Settings(threshold=0.2, min_score=0.05, batch_size=32)


@pytest.fixture(scope="module", autouse=True)
def two_cpus():
    """The sockets' paths must be short, which pytest's folders aren't."""
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
    """A pipeline's folder."""
    folder = tmp_path_factory.mktemp("model")
    nlp = spacy.blank("en")
    nlp.add_pipe("killing", config={"marker": str(folder / "killed")})
    nlp.add_pipe("ner_tagger", name="ner", config={"model": MODEL})
    words = "Ada saw Rome 7 times".split()
    nlp.initialize(lambda: [example("B-PER O B-LOC O O", "O O O O O", words)])
    nlp.to_disk(folder / "pipeline")
    return folder / "pipeline"


def write_parquet(folder, texts):
    folder.mkdir()
    for i in range(0, len(texts), ROWS):
        part = texts[i : i + ROWS]
        table = pa.table({"id": range(i, i + len(part)), "text": part, "tags": [["a"]] * len(part)})
        pq.write_table(table, folder / f"{i:05}.parquet")


def expected_rows(model, texts):
    """By the same pipeline in this process. A file at a time: the last digit of a probability depends
    on which texts are computed together."""
    predictor = Predictor(str(model), SETTINGS)
    rows = []
    for i in range(0, len(texts), ROWS):
        columns = predictor({"text": texts[i : i + ROWS]})
        rows += [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return rows


def test_two_actors_one_of_which_is_killed(model, tmp_path):
    write_parquet(tmp_path / "in", TEXTS)
    output = tmp_path / "out.parquet"
    output.mkdir()
    (output / "old.parquet").touch()
    counts = predict_on_ray(
        str(model), [str(tmp_path / "in")], str(output), SETTINGS, actors=Actors(2)
    )
    assert counts == Counts(len(TEXTS), failed=1)
    assert int((model.parent / "killed").read_text()) != os.getpid()

    rows = [row for file in sorted(output.glob("*")) if file.is_file() for row in read(file)]
    expected = [
        {"id": i, "text": text, "tags": ["a"], **row}
        for i, (text, row) in enumerate(zip(TEXTS, expected_rows(model, TEXTS), strict=True))
    ]
    failed = [row for row in expected if row["error"]]
    assert any(row["entities"] for row in rows)
    assert any(len(row["entities"]) < len(row["candidates"]) for row in rows)
    assert rows == [without(row, "error") for row in expected if not row["error"]]
    [file] = (output / "_failed").glob("*")
    assert read(file) == [without(row, "entities", "candidates") for row in failed]
    assert [row["error"] for row in failed] == ["ValueError: this text fails"]


def read(file):
    return pq.read_table(file).to_pylist()


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


def test_lines_keep_what_they_have(model, tmp_path):
    rows = [
        {"text": "Ada saw Rome", "when": "2020-01-01", "n": 1},
        {"n": "one", "text": "Ada\u2028saw", "more": {"a": [1, None]}},
        {"text": None},
        {"entities": "of another", "text": "Rome"},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n\n" for row in rows[:2]))
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as opened:
        opened.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows[2:])
    inputs = [str(tmp_path / name) for name in ("a.jsonl", "b.jsonl.gz")]
    output = tmp_path / "out.jsonl"
    actors = Actors(1)
    counts = predict_on_ray(str(model), inputs, str(output), Settings(), actors=actors)
    assert counts == Counts(4, failed=1)

    nlp = Predictor(str(model))
    found = nlp({"text": [row["text"] for row in rows]})["entities"]
    written = [json.loads(line) for line in (output / "part-000000.jsonl").open()]
    assert written == [
        {**row, "entities": ents} for row, ents in zip(rows, found, strict=True) if row["text"]
    ]
    [failed] = (output / "_failed" / "part-000000.jsonl").open()
    assert json.loads(failed)["text"] is None
    assert json.loads(failed)["error"].startswith("TypeError")
