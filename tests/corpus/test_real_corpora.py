"""Published counts, and the same entities from both publications of CoNLL-2003."""

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.convert import read_corpus, save_corpus
from spacy_ner_archs.corpus.docs import make_norm
from spacy_ner_archs.corpus.write import docs_to_conll

CONLL_2003 = [
    ("train", "train.txt", "eng.train", (946, 14_041, 203_621, 23_499)),
    ("dev", "dev.txt", "eng.testa", (216, 3_250, 51_362, 5_942)),
    ("test", "test.txt", "eng.testb", (231, 3_453, 46_435, 5_648)),
]


def sentences(corpus):
    return [corpus.sentences[i] for i in range(len(corpus.sentences))]


def counts(corpus):
    tags = [token.tag for sentence in sentences(corpus) for token in sentence]
    entities = sum(tag.startswith("B-") for tag in tags)
    return len(set(corpus.sentences.documents)), len(sentences(corpus)), len(tags), entities


@pytest.mark.parametrize(("part", "iob2", "iob1", "expected"), CONLL_2003)
def test_conll_2003(shared_data, part, iob2, iob1, expected):
    folder = shared_data / "conll2003"
    a, b = read_corpus(folder / "iob2" / iob2), read_corpus(folder / "iob1" / iob1)
    assert (a.sentences.tags.scheme, b.sentences.tags.scheme) == ("iob2", "iob1")
    assert counts(a) == expected
    assert counts(b) == expected
    assert sentences(a) == sentences(b)


@pytest.mark.parametrize(("name", "scheme"), [("iob2/dev.txt", "iob2"), ("iob1/eng.testa", "iob1")])
def test_write_back_equals_the_tags_of_conll_2003(shared_data, tmp_path, name, scheme):
    path = shared_data / "conll2003" / name
    lines = [line.split(" ") for line in path.read_text().split("\n")]
    tokens = [(r[0], r[1], r[-1]) for r in lines if len(r) == 4 and r[0] != "-DOCSTART-"]
    out = tmp_path / "out.spacy"
    save_corpus(read_corpus(path), out, make_norm("en"), n_sents=0)
    text = docs_to_conll(DocBin().from_disk(out).get_docs(Vocab()), scheme)
    rows = [tuple(line.split(" ")) for line in text.split("\n")]
    assert [r for r in rows if len(r) == 3 and r[0] != "-DOCSTART-"] == tokens


def test_gmb(shared_data):
    corpus = read_corpus(shared_data / "gmb" / "ner_dataset.csv")
    assert counts(corpus)[1:3] == (2_999, 66_161)
    assert len({token.tag for sentence in sentences(corpus) for token in sentence}) == 17
