from spacy.tokens import Doc
from tagged import VOCAB

from spacy_ner_archs.evaluation.mentions import mentions_of


def doc(words, ents):
    return Doc(VOCAB, words=words.split(), ents=ents.split())


def test_texts_are_counted_as_what_they_are():
    docs = [
        doc("May saw New York in May", "B-PER O B-LOC I-LOC O O"),
        doc("New York Times of New York", "B-ORG I-ORG I-ORG O B-LOC I-LOC"),
        doc("may May", "O B-PER"),
        Doc(VOCAB, words=["May", "."], ents=["", "O"]),  # nobody annotated it
    ]
    assert mentions_of(["May", "New York", "Rome"], docs) == {
        "May": {"PER": 2, "O": 1},
        "New York": {"LOC": 2},  # not where it is a part of a longer name
    }


def test_without_docs_or_texts_there_are_none():
    assert mentions_of(["May"], []) == {}
    assert mentions_of([], [doc("May", "O")]) == {}
