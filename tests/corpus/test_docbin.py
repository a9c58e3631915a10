from collections import Counter

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.convert import read_corpus, save_corpus
from spacy_ner_archs.corpus.docs import make_norm, parse_group
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.split import parse_split, partition

TEXT = """-DOCSTART- -X- O

Ann NNP B-work-of-art
Lee NNP B-work-of-art
sees VBZ O
Oslo NNP -

x NN O

y NN O

-DOCSTART- -X- O

z NN B-A
zz NN I-A
"""


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "in.txt"
    path.write_text(TEXT)
    return read_corpus(path)


def load(path):
    return list(DocBin().from_disk(path).get_docs(Vocab()))


def test_docs_after_a_round_trip(corpus, tmp_path):
    save_corpus(corpus, tmp_path / "out.spacy", make_norm("en"))
    first, second = load(tmp_path / "out.spacy")
    assert [token.text for token in first] == ["Ann", "Lee", "sees", "Oslo", "x", "y"]
    assert [token.tag_ for token in first] == ["NNP", "NNP", "VBZ", "NNP", "NN", "NN"]
    assert [token.ent_iob_ for token in first] == ["B", "B", "O", "", "O", "O"]
    assert [len(sentence) for sentence in first.sents] == [4, 1, 1]
    assert [(e.start, e.end, e.label_) for e in first.ents] == [
        (0, 1, "work-of-art"),
        (1, 2, "work-of-art"),
    ]
    assert [(e.start, e.end, e.label_) for e in second.ents] == [(0, 2, "A")]


def test_training_uses_the_tokens_of_the_file(corpus, tmp_path):
    save_corpus(corpus, tmp_path / "out.spacy", make_norm("en"))
    assert all(doc.has_unknown_spaces for doc in load(tmp_path / "out.spacy"))


def test_text_without_parts_of_speech_has_no_tags(tmp_path):
    (tmp_path / "in.txt").write_text("Ann O\n")
    save_corpus(read_corpus(tmp_path / "in.txt"), tmp_path / "out.spacy", make_norm("xx"))
    assert not load(tmp_path / "out.spacy")[0].has_annotation("TAG")


@pytest.mark.parametrize(
    ("group", "lengths"),
    [("document", [6, 2]), ("sentence", [4, 1, 1, 2]), ("2", [5, 1, 2]), ("99", [6, 2])],
)
def test_groups_never_cross_documents(corpus, tmp_path, group, lengths):
    out = tmp_path / "out.spacy"
    saved = save_corpus(corpus, out, make_norm("en"), n_sents=parse_group(group))
    assert [len(doc) for doc in load(out)] == lengths
    assert saved[out].docs == len(lengths)


@pytest.mark.parametrize(("text", "n_docs"), [(TEXT, 2), ("a O\n\nb O\n\nc O\n", 3)])
def test_default_group_is_the_document_if_there_are_any(tmp_path, text, n_docs):
    (tmp_path / "in.txt").write_text(text)
    save_corpus(read_corpus(tmp_path / "in.txt"), tmp_path / "out.spacy", make_norm("en"))
    assert len(load(tmp_path / "out.spacy")) == n_docs


def test_counts(corpus, tmp_path):
    counts = save_corpus(corpus, tmp_path / "out.spacy", make_norm("en"))[tmp_path / "out.spacy"]
    assert (counts.docs, counts.documents, counts.sentences, counts.tokens) == (2, 2, 4, 8)
    assert (counts.missing, counts.entities) == (1, Counter({"work-of-art": 2, "A": 1}))


@pytest.mark.parametrize("value", ["0", "-1", "paragraph", "", "1.5", "²"])
def test_bad_group(value):
    with pytest.raises(ConversionError, match="--group"):
        parse_group(value)


@pytest.mark.parametrize(
    "value", ["", "70", "70,x,20", "70;10;20", "1,2,3,4", "70,0,30", "-1,2", "nan,1", "inf,1"]
)
def test_bad_split(value):
    with pytest.raises(ConversionError, match="--split"):
        parse_split(value)


@pytest.mark.parametrize(
    ("value", "sizes"),
    [
        ("70,10,20", {"train": 7, "dev": 1, "test": 2}),
        ("0.7,0.1,0.2", {"train": 7, "dev": 1, "test": 2}),
        ("80,20", {"train": 8, "dev": 2}),
        ("1,1", {"train": 5, "dev": 5}),
    ],
)
def test_partition_sizes(value, sizes):
    parts = partition(range(10), parse_split(value), seed=0)
    assert {name: len(part) for name, part in parts.items()} == sizes
    assert sorted(unit for part in parts.values() for unit in part) == list(range(10))
    assert all(part == sorted(part) for part in parts.values())


def test_partition_depends_on_the_seed_alone():
    shares = parse_split("70,10,20")
    assert partition(range(50), shares, seed=1) == partition(range(50), shares, seed=1)
    assert partition(range(50), shares, seed=1) != partition(range(50), shares, seed=2)


def test_partition_leaves_no_part_empty():
    with pytest.raises(ConversionError, match="dev would be empty"):
        partition(range(2), parse_split("98,1,1"), seed=0)


def test_split_keeps_documents_together(tmp_path):
    text = "".join(f"-DOCSTART- O\n\n{i} O\n\n{i} O\n\n" for i in range(10))
    (tmp_path / "in.txt").write_text(text)
    saved = save_corpus(
        read_corpus(tmp_path / "in.txt"),
        tmp_path / "parts",
        make_norm("en"),
        n_sents=1,
        split=parse_split("50,30,20"),
    )
    parts = [{doc.text.strip() for doc in load(path)} for path in saved]
    assert [path.name for path in saved] == ["train.spacy", "dev.spacy", "test.spacy"]
    assert [len(part) for part in parts] == [5, 3, 2]
    assert len(set.union(*parts)) == 10
    assert [counts.documents for counts in saved.values()] == [5, 3, 2]
    assert [counts.docs for counts in saved.values()] == [10, 6, 4]


@pytest.mark.parametrize(
    ("output", "split"),
    [("out.txt", None), ("out", None), ("out.spacy", "50,50"), ("taken/out.spacy", None)],
)
def test_outputs_that_cannot_be(corpus, tmp_path, output, split):
    (tmp_path / "taken").write_text("a file")
    before = sorted(tmp_path.iterdir())
    shares = parse_split(split) if split else None
    with pytest.raises(ConversionError):
        save_corpus(corpus, tmp_path / output, make_norm("en"), split=shares)
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_is_no_output(corpus, tmp_path):
    (tmp_path / "out.spacy").mkdir()
    with pytest.raises(CorpusError, match="it is a folder"):
        save_corpus(corpus, tmp_path / "out.spacy", make_norm("en"))


def test_unknown_language():
    with pytest.raises(ConversionError, match="--lang zz"):
        make_norm("zz")
