import gzip
import json

import pytest
import spacy
from html5lib import HTMLParser
from pyarrow import parquet
from spacy.tokens import DocBin
from tiny_pipeline import TEXTS, tiny_pipeline

from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.shards import ShardWriter
from spacy_ner_archs.inference.texts import Words
from spacy_ner_archs.inference.writing.formats import FORMATS, format_of


@pytest.fixture(scope="module")
def nlp():
    return tiny_pipeline()


def written(nlp, tmp_path, name, shards, format=None, settings=None):
    """A file of shards, each of which has some records."""
    format = format or format_of(tmp_path / name)
    writer = ShardWriter(nlp, settings or Settings(), format)
    paths = [tmp_path / f"{i}.part" for i in range(len(shards))]
    for path, records in zip(paths, shards, strict=True):
        path.write_bytes(writer.encode(records)[0])
    with (tmp_path / name).open("wb") as file:
        FORMATS[format].join(paths, file)
    return tmp_path / name


def records(texts, **fields):
    return [Record(f"in:{i}", text, {"text": text, **fields}) for i, text in enumerate(texts)]


def expected(nlp, texts):
    return [[(e.start_char, e.end_char, e.label_) for e in nlp(text).ents] for text in texts]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_rows_have_the_fields_and_what_was_found(nlp, tmp_path, name):
    shards = [records(TEXTS[:2], id=1), records(TEXTS[2:], id=2, other="x")]
    path = written(nlp, tmp_path, name, shards)
    if name == "a.parquet":
        rows = parquet.read_table(path).to_pylist()
    else:
        data = path.read_bytes()
        text = (gzip.decompress(data) if name.endswith("gz") else data).decode()
        rows = [json.loads(line) for line in text.splitlines()]
    assert [row["text"] for row in rows] == TEXTS
    assert [row["id"] for row in rows] == [1, 1, 2, 2, 2]
    assert [row.get("other") for row in rows] == [None, None, "x", "x", "x"]
    found = [[(e["start"], e["end"], e["label"]) for e in row["entities"]] for row in rows]
    assert found == expected(nlp, TEXTS)
    assert all(0 < e["probability"] <= 1 for row in rows for e in row["entities"])


def test_given_tokens_are_written_beside_the_text(nlp, tmp_path):
    record = Record("in:1", Words(["Ann", "'s"], [False, False]), {})
    path = written(nlp, tmp_path, "a.jsonl", [[record]])
    row = json.loads(path.read_text())
    assert (row["text"], row["tokens"]) == ("Ann's", ["Ann", "'s"])


def test_what_is_not_unicode_is_kept_as_json_has_it(nlp, tmp_path):
    fields = {"text": "Ann", "id": "\ud800", "day": None}
    path = written(nlp, tmp_path, "a.jsonl", [[Record("in:1", "Ann", fields)]])
    assert json.loads(path.read_text())["id"] == "\ud800"


def test_a_parquet_column_has_one_type(nlp, tmp_path):
    mixed = [Record(f"in:{i}", "Ann", {"text": "Ann", "id": i}) for i in (1, "two")]
    with pytest.raises(ValueError, match=r"the field 'id' has no one type .*; write JSONL"):
        written(nlp, tmp_path, "a.parquet", [mixed])


def test_a_parquet_file_may_have_a_shard_without_texts(nlp, tmp_path):
    failed = Record("in:1", None, {}, "no text")
    path = written(nlp, tmp_path, "a.parquet", [[failed], records(["Ann"])])
    assert parquet.read_table(path).column("text").to_pylist() == ["Ann"]


def test_conll_has_a_token_a_line(nlp, tmp_path):
    text = "Ann  lives in\nParis"
    path = written(nlp, tmp_path, "a.conll", [records([text]), records(["no", ""])])
    rows = [line.split("\t") for line in path.read_text().split("\n")]
    words = [row[0] for row in rows[:5]]
    assert words == ["Ann", "lives", "in", "Paris", ""]
    tags = {ent.text: f"B-{ent.label_}" for ent in nlp(text).ents}
    assert [row[1] for row in rows[:4]] == [tags.get(word, "O") for word in words[:4]]
    with_probability = written(
        nlp, tmp_path, "b.conll", [records([text])], format="conll-probabilities"
    )
    lines = with_probability.read_text().split("\n")
    scores = {ent.text: f"{ent._.ner_score:.6f}" for ent in nlp(text).ents}
    assert [line.split("\t")[1] for line in lines[:4]] == [
        scores.get(word, "_") for word in words[:4]
    ]


def test_a_spacy_file_has_entities_with_probabilities(nlp, tmp_path):
    shards = [records(TEXTS[:2]), records(TEXTS[2:])]
    path = written(nlp, tmp_path, "a.spacy", shards)
    docs = list(DocBin(store_user_data=True).from_disk(path).get_docs(spacy.blank("en").vocab))
    assert [doc.text for doc in docs] == TEXTS
    found = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]
    assert found == expected(nlp, TEXTS)
    assert all(ent._.ner_score > 0 for doc in docs for ent in doc.ents)


def test_html_is_one_page(nlp, tmp_path):
    path = written(nlp, tmp_path, "a.html", [records(TEXTS[:2]), records(["Ann <b>"])])
    page = HTMLParser(strict=False, namespaceHTMLElements=False).parse(path.read_text())
    assert len(page.findall(".//body")) == 1
    assert len(page.findall(".//mark")) == sum(map(len, expected(nlp, [*TEXTS[:2], "Ann <b>"])))
    assert not page.findall(".//b")


def test_candidates_are_written_where_they_are_asked_for(tmp_path):
    nlp = tiny_pipeline()
    settings = Settings(min_score=0.01)
    settings.apply(nlp)
    path = written(nlp, tmp_path, "a.jsonl", [records(TEXTS[:1])], settings=settings)
    row = json.loads(path.read_text())
    assert len(row["candidates"]) >= len(row["entities"]) == 2


@pytest.mark.parametrize(("name", "format"), [("a.JSONL", "jsonl"), ("folder", None)])
def test_the_name_tells_the_format(tmp_path, name, format):
    assert format_of(tmp_path / name) == format
    with pytest.raises(ValueError, match="no output ends so"):
        format_of(tmp_path / "a.doc")
