import gzip
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.inference.reading.files import Inputs
from spacy_ner_archs.inference.texts import Words


def records(path, format=None, key="text"):
    return list(Inputs([path], format, key))


def texts(path, **options):
    return [record.text for record in records(path, **options)]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "one\n\ntwo\r\n\ufeffthree", ["one", "", "two", "three"]),
        ("a.jsonl", '{"text": "one"}\n\n{"text": "", "id": 1}\n', ["one", ""]),
        ("a.csv", 'id,text\n1,"one, ""two""\nthree"\n2,\n', ['one, "two"\nthree', ""]),
        ("a.tsv", "text\tid\none, two\t1\n", ["one, two"]),
        (
            "a.conll",
            "-DOCSTART- O\n\none O\ntwo B-X\n\n\nthree\tX\n",
            [Words(["one", "two"]), Words(["three"])],
        ),
        ("a.iob", "New York\tB-X\n\nthree\tX", [Words(["New York"]), Words(["three"])]),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_texts_are_read(tmp_path, name, content, expected, packed):
    data = content.encode()
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(data) if packed else data)
    assert texts(path) == expected


def test_parquet_is_read_with_its_other_columns(tmp_path):
    rows = {"doc": ["one", None, "three"], "id": [1, 2, 3]}
    parquet.write_table(pa.table(rows), tmp_path / "a.parquet")
    first, second, third = records(tmp_path / "a.parquet", key="doc")
    assert (first.text, first.fields, third.text) == ("one", {"doc": "one", "id": 1}, "three")
    assert second.text is None
    assert "'doc' is no text, but None" in second.error


def test_of_a_spacy_file_the_tokens_are_read(tmp_path):
    doc = Doc(Vocab(), words=["a", "b"], spaces=[False, True], ents=["B-X", "O"])
    DocBin(docs=[doc]).to_disk(tmp_path / "a.spacy")
    assert texts(tmp_path / "a.spacy") == [Words(["a", "b"], [False, True])]


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("a.txt", b"one\n\xff\nthree\n", 2, "byte 0xff is not UTF-8"),
        ("a.jsonl", b'{"text": "one"}\n{"text"\n', 2, "not JSON"),
        ("a.jsonl", b'{"text": "one"}\n["two"]\n', 2, "not a JSON object"),
        ("a.jsonl", b'{"text": "one"}\n{"txt": "two"}\n', 2, "no 'text' in it, but txt"),
        ("a.jsonl", b'{"text": "one"}\n{"text": 2}\n', 2, "'text' is no text, but 2"),
        ("a.csv", b"id,text\n1,one\n2,two,3\n", 3, "more values than the header has names"),
        ("a.csv", b"id,text\n1,one\n2\n", 3, "'text' is no text, but None"),
        ("a.csv", b"id,text\n1,one\n2,\xff\n", 3, "not UTF-8"),
        ("a.conll", b"one\n\ntwo\n\xff\n\nthree\n", 3, "line 4: byte 0xff is not UTF-8"),
    ],
)
def test_one_text_that_cannot_be_read_is_told_with_its_line(tmp_path, name, content, line, reason):
    path = tmp_path / name
    path.write_bytes(content)
    found = records(path)
    assert found[0].error is None
    assert found[1].text is None
    assert found[1].place == f"{path}:{line}"
    assert reason in found[1].error
    assert all(record.error is None for record in found[2:])


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "_failed").mkdir()
    for name in ("c.txt", "b/a.txt", "a.jsonl.gz", "README.md", ".hidden.txt", "_failed/x.txt"):
        path = tmp_path / name
        data = b'{"text": "packed"}\n' if name.endswith("gz") else name.encode()
        path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert texts(tmp_path) == ["packed", "b/a.txt", "c.txt"]


def test_bytes_are_counted_over_files(tmp_path):
    for name in ("a.txt", "b.txt.gz"):
        data = b"one\n" * 1000
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    inputs = Inputs([tmp_path / "a.txt", tmp_path / "b.txt.gz"], None, "text")
    assert inputs.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())
    list(inputs)
    assert inputs.bytes_read == inputs.bytes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt.gz", gzip.compress(b"one\n" * 1000, mtime=0)[:-10]),
        ("a.parquet", b"PAR1 or not"),
        ("a.spacy", b"x"),
    ],
)
def test_a_broken_file_is_told_in_a_line(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match="can't be read to its end: ") as raised:
        texts(tmp_path / name)
    assert str(raised.value).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "error", "reason"),
    [
        ("a.doc", ValueError, "a.doc: what is in it?"),
        ("missing.txt", FileNotFoundError, "missing.txt"),
        ("empty", ValueError, "empty: no file in it ends with .txt"),
    ],
)
def test_unknown_and_missing_files_are_refused(tmp_path, name, error, reason):
    (tmp_path / "a.doc").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(error, match=reason):
        Inputs([tmp_path / name], None, "text")
    assert Inputs([tmp_path / "a.doc"], "text", "text").formats == {Path(tmp_path, "a.doc"): "text"}
