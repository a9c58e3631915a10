"""What `convert` says of files that are no text."""

import bz2
import gzip
import lzma
import zlib

import pytest
from corpus_files import write

from spacy_ner_archs.corpus.convert import read_corpus
from spacy_ner_archs.corpus.errors import CorpusError

TEXT = b"Ann B-PER\nsees O\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(TEXT, mtime=0), "is a gzip file; unpack it"),
        (bz2.compress(TEXT), "is a bzip2 file; unpack it"),
        (lzma.compress(TEXT), "is an xz file; unpack it"),
        (b"PK\x03\x04" + TEXT, "is a zip file; unpack it"),
        (zlib.compress(TEXT, 3), "is zlib data, as .spacy files are"),
        (zlib.compress(TEXT, 9), "is zlib data, as .spacy files are"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a PNG picture"),
        (b"%PDF-1.7\n", "is a PDF file"),
        (bytes(range(256)), "seems to be a binary file"),
    ],
)
def test_a_binary_file_is_called_so(tmp_path, content, reason):
    with pytest.raises(CorpusError) as caught:
        read_corpus(write(tmp_path, content))
    assert reason in caught.value.reason
    assert "--encoding" not in caught.value.reason


@pytest.mark.parametrize("text", ["x^2 O\n", "PK O\n", "BZ O\n", "[ O\n{ O\n", '{ O\n" O\n'])
def test_text_that_begins_like_another_format_is_read(tmp_path, text):
    assert len(read_corpus(write(tmp_path, text)).sentences) == 1


@pytest.mark.parametrize(
    "text", ['{"text": "Ann"}\n', '{ "id": 1 }\n', '[\n  {"id": 1}\n]\n', '[{"id": 1}]', "{\n}"]
)
@pytest.mark.parametrize("name", ["x.jsonl", "x.conll"])
def test_json_is_called_so(tmp_path, text, name):
    with pytest.raises(CorpusError, match="seems to be JSON or JSONL"):
        read_corpus(write(tmp_path, text, name))
