"""A batch reads an attribute of its docs once."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span

from spacy_ner_archs.thinc_layers.doc_batch import DocBatch, attribute

NAMES = ["ORTH", "LOWER", "NORM", "SHAPE", "ENT_IOB", "ENT_TYPE", "SENT_START", "IS_SPACE"]


@pytest.fixture(scope="module")
def docs():
    vocab = spacy.blank("en").vocab
    docs = [Doc(vocab, words=words.split(" ")) for words in ("Paris Hilton likes", "it", "a a")]
    docs.insert(1, Doc(vocab))
    docs[0].set_ents([Span(docs[0], 0, 2, label="PER")])
    return docs


@pytest.mark.parametrize("name", NAMES)
def test_the_values_are_those_of_the_tokens(docs, name):
    expected = np.concatenate([doc.to_array(name) for doc in docs if len(doc)])
    for batch in (docs, DocBatch(docs)):
        np.testing.assert_array_equal(attribute(batch, name), expected)
    assert attribute([], name).tolist() == attribute(DocBatch([]), name).tolist() == []


class Watched(Doc):
    reads = 0

    def to_array(self, names):
        Watched.reads += 1
        return super().to_array(names)


def test_layers_and_decoder_read_a_doc_once():
    batch = DocBatch([Watched(spacy.blank("en").vocab, words=["a", "b"])])
    for _ in range(2):
        for name in NAMES:
            attribute(batch, name)
    assert Watched.reads == 3  # what is usual, NORM and SHAPE
