"""The files of folds: together the corpus, written once."""

import os

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from spacy_ner_archs.experiments.fold_files import (
    deal_into_files,
    held_out_file,
    train_file,
)

NLP = spacy.blank("en")
N_DOCS = 7


def texts(path):
    return [doc[0].text for doc in DocBin().from_disk(path).get_docs(NLP.vocab)]


@pytest.fixture
def corpus(tmp_path):
    """Docs of a word each, and one without any in front."""
    docs = [Doc(NLP.vocab, words=[])]
    for i in range(N_DOCS):
        doc = Doc(NLP.vocab, words=[f"w{i}"], ents=["B-X"], user_data={"number": i})
        doc.spans["wrong"] = [Span(doc, 0, 1, "Y")]
        docs.append(doc)
    DocBin(store_user_data=True, docs=docs).to_disk(tmp_path / "corpus.spacy")
    return tmp_path / "corpus.spacy"


def test_each_doc_is_held_out_once_and_trained_on_otherwise(corpus, tmp_path):
    folder = tmp_path / "folds"
    dealt = deal_into_files(corpus, folder, 3, 0)
    words = [f"w{i}" for i in range(N_DOCS)]
    assert (dealt.n_folds, len(dealt.fold_of_doc)) == (3, N_DOCS)
    for fold in range(3):
        held_out = texts(held_out_file(folder, fold))
        assert held_out == [words[i] for i in dealt.docs_of(fold)]
        assert texts(train_file(folder, fold)) == [word for word in words if word not in held_out]
    assert sorted(i for fold in range(3) for i in dealt.docs_of(fold)) == list(range(N_DOCS))
    first = next(DocBin().from_disk(train_file(folder, 1)).get_docs(NLP.vocab))
    assert first.user_data == {"number": int(first[0].text[1:])}
    assert [span.label_ for span in first.spans["wrong"]] == ["Y"]
    assert [ent.label_ for ent in first.ents] == ["X"]


def test_they_are_written_once(corpus, tmp_path):
    dealt = deal_into_files(corpus, tmp_path / "folds", 3, 0)
    file = train_file(tmp_path / "folds", 0)
    os.utime(file, (0, 0))
    assert deal_into_files(corpus, tmp_path / "folds", 3, 0) == dealt
    assert file.stat().st_mtime == 0


def test_what_a_killed_command_has_left_is_written_again(corpus, tmp_path):
    folder = tmp_path / "folds"
    dealt = deal_into_files(corpus, folder, 3, 0)
    (folder / "deal.json").unlink()
    train_file(folder, 0).write_bytes(b"")
    assert deal_into_files(corpus, folder, 3, 0) == dealt
    assert texts(train_file(folder, 0))


@pytest.mark.parametrize("place", ["fold-0/train.spacy", "fold-2/held_out.spacy"])
def test_a_corpus_among_the_folds_is_not_replaced(corpus, tmp_path, place):
    inside = tmp_path / "folds" / place
    inside.parent.mkdir(parents=True)
    inside.write_bytes(corpus.read_bytes())
    with pytest.raises(ValueError, match=rf"{place} is there already; move it"):
        deal_into_files(inside, tmp_path / "x" / ".." / "folds", 3, 0)
    assert inside.read_bytes() == corpus.read_bytes()
    assert [path.name for path in (tmp_path / "folds").rglob("*.spacy")] == [inside.name]


def append(path):
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("name", "n_folds", "seed", "before", "message"),
    [
        ("corpus.spacy", 2, 0, None, "has 3 folds of .*corpus.spacy, dealt with seed 0"),
        ("corpus.spacy", 3, 1, None, "dealt with seed 0, and not these"),
        ("corpus.spacy", 3, 0, lambda p: append(p / "corpus.spacy"), "and not these"),
        (
            "corpus.spacy",
            3,
            0,
            lambda p: append(train_file(p / "folds", 2)),
            "train.spacy was changed or removed",
        ),
        (
            "corpus.spacy",
            3,
            0,
            lambda p: held_out_file(p / "folds", 1).unlink(),
            "held_out.spacy was changed or removed",
        ),
    ],
)
def test_other_folds_are_refused(corpus, tmp_path, name, n_folds, seed, before, message):
    deal_into_files(corpus, tmp_path / "folds", 3, 0)
    if before:
        before(tmp_path)
    with pytest.raises(ValueError, match=message) as caught:
        deal_into_files(tmp_path / name, tmp_path / "folds", n_folds, seed)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "n_folds", "message"),
    [
        ("nowhere.spacy", 3, "folds are made of a .spacy file"),
        ("corpus.conll", 3, "folds are made of a .spacy file"),
        ("text.spacy", 3, "text.spacy: not a .spacy file"),
        ("corpus.spacy", 1, "1 folds"),
        ("corpus.spacy", N_DOCS + 1, "7 Docs can't be dealt into 8 folds"),
    ],
)
def test_what_cannot_be_dealt_is_refused_and_leaves_nothing(
    corpus, tmp_path, name, n_folds, message
):
    (tmp_path / "corpus.conll").write_text("a O")
    (tmp_path / "text.spacy").write_text("a O")
    with pytest.raises(ValueError, match=message) as caught:
        deal_into_files(tmp_path / name, tmp_path / "folds", n_folds, 0)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "folds").exists()
