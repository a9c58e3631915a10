"""The file that `convert` writes, held against spaCy's own of the same Docs."""

import zlib
from pathlib import Path

import pytest
import spacy
import srsly
from corpus_files import write
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.corpus import docbin_file
from spacy_ner_archs.corpus.convert import read_corpus, save_corpus
from spacy_ner_archs.corpus.docs import DOCUMENT_START, make_norm
from spacy_ner_archs.corpus.errors import ConversionError

# with a word and a label that are symbols of spaCy's, and one that has another norm
TEXT = """-DOCSTART- X O

PERSON NNP B-PERSON
'll NNP I-PERSON
Malmö NNP B-work-of-art
sees VBZ O
Oslo NNP -

x _ O

-DOCSTART- X O

ORTH NNP B-A
"""


def expected():
    vocab = spacy.blank("en").vocab
    first = Doc(
        vocab,
        words=["PERSON", "'ll", "Malmö", "sees", "Oslo", "x"],
        tags=["NNP", "NNP", "NNP", "VBZ", "NNP", ""],
        sent_starts=[True, False, False, False, False, True],
        ents=["B-PERSON", "I-PERSON", "B-work-of-art", "O", "", "O"],
    )
    second = Doc(vocab, words=["ORTH"], tags=["NNP"], sent_starts=[True], ents=["B-A"])
    for doc in (first, second):
        doc.user_data[DOCUMENT_START] = True
    return DocBin(store_user_data=True, docs=[first, second])


def converted(folder: Path, text: str) -> Path:
    output = folder / "out.spacy"
    save_corpus(read_corpus(write(folder, text)), output, make_norm("en"))
    return output


def test_it_has_what_docbin_writes(tmp_path):
    path = converted(tmp_path, TEXT)
    written, own = (
        srsly.msgpack_loads(zlib.decompress(data))
        for data in (path.read_bytes(), expected().to_bytes())
    )
    assert written == own


def test_docs_are_those_of_docbin(tmp_path):
    vocab = spacy.blank("en").vocab
    docs = list(DocBin().from_disk(converted(tmp_path, TEXT)).get_docs(vocab))
    attrs = DocBin().attrs
    for doc, other in zip(docs, expected().get_docs(vocab), strict=True):
        assert doc.to_array(attrs).tolist() == other.to_array(attrs).tolist()
        assert doc.to_json() == other.to_json()
        assert doc.has_unknown_spaces
        assert doc.user_data == {DOCUMENT_START: True}


def test_it_merges_with_a_docbin(tmp_path):
    merged = expected()
    merged.merge(DocBin(store_user_data=True).from_disk(converted(tmp_path, TEXT)))
    assert len(list(merged.get_docs(spacy.blank("en").vocab))) == 4


def test_more_than_the_format_holds_is_refused(tmp_path, monkeypatch):
    converted(tmp_path, TEXT)
    before = (tmp_path / "out.spacy").read_bytes()
    monkeypatch.setattr(docbin_file, "_LIMIT", 6 * 8 * len(DocBin().attrs))
    with pytest.raises(ConversionError, match=r"tokens: 7, but .* room for 6; .*--split"):
        converted(tmp_path, TEXT)
    assert (tmp_path / "out.spacy").read_bytes() == before
