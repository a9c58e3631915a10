"""The code of docs/cluster.md, as it stands there."""

import os
import re
from pathlib import Path

import pytest
from tiny_pipeline import TEXTS, tiny_pipeline

from spacy_ner_archs.inference.predictor import Predictor

ROOT = Path(__file__).parents[1]


def code_of(section):
    """The first block of Python of a section."""
    _, page = (ROOT / "docs" / "cluster.md").read_text().split(f"\n## {section}\n")
    return re.search(r"```python\n(.*?)```", page, re.S).group(1)


@pytest.fixture
def model(tmp_path):
    tiny_pipeline().to_disk(tmp_path / "model")
    return str(tmp_path / "model")


def test_ray_data(model):
    """Without a Ray: an actor's class and a table."""
    pa = pytest.importorskip("pyarrow", reason="the extra [ray] is not installed")
    pytest.importorskip("ray", reason="the extra [ray] is not installed")
    page = {}
    exec(code_of("Ray Data"), page)
    find = page["FindEntities"](model)
    for texts in (TEXTS, [""]):
        table = find(pa.table({"id": range(len(texts)), "text": texts}))
        assert table.column_names == ["id", "text", "entities", "error"]
        assert table.schema.field("entities").type == page["ENTITIES"]
        assert table["entities"].to_pylist() == Predictor(model)({"text": texts})["entities"]


def test_spark(model, monkeypatch):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv(
        "PYSPARK_SUBMIT_ARGS", "--master local[1] --conf spark.ui.enabled=false pyspark-shell"
    )
    page = {}
    exec(code_of("Spark"), page)
    spark = page["spark"]
    try:
        texts = spark.createDataFrame([*enumerate(TEXTS), (99, None)], "id int, text string")
        found = texts.withColumn("found", page["entities_udf"](model)("text"))
        rows = found.select("*", "found.*").drop("found").orderBy("id").collect()
    finally:
        spark.stop()
    expected = Predictor(model)({"text": [*TEXTS, None]})
    assert [row.text for row in rows] == [*TEXTS, None]
    assert [bool(row.error) for row in rows] == [bool(error) for error in expected["error"]]
    assert [row.entities and [ent.asDict() for ent in row.entities] for row in rows] == expected[
        "entities"
    ]
