"""Augmenters of the training data."""

import random

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Corpus, Example
from spacy.util import registry

from spacy_ner_archs.corpus.annotated_labels import annotated_labels, set_annotated_labels

WORDS = ["Ada", "Lovelace", "lives", "in", "New", "York", "."]


@pytest.fixture
def nlp():
    random.seed(0)
    return spacy.blank("en")


@pytest.fixture
def path(nlp, tmp_path):
    docs = []
    for words, ents in [
        (WORDS, [(0, 2, "PER"), (4, 6, "LOC")]),
        (["Rome", "."], [(0, 1, "LOC")]),
        (["Nothing"], []),
    ]:
        doc = Doc(nlp.vocab, words=words, sent_starts=[i == 0 for i in range(len(words))])
        doc.set_ents([Span(doc, *ent) for ent in ents])
        docs.append(doc)
    DocBin(docs=docs).to_disk(tmp_path / "train.spacy")
    return tmp_path / "train.spacy"


def augmenter(name, **settings):
    return registry.augmenters.get(f"spacy-ner-archs.{name}.v1")(**settings)


def described(example):
    doc = example.reference
    assert [t.text for t in example.predicted] == [t.text for t in doc]
    return doc.text.split(), [(ent.text, ent.label_) for ent in doc.ents]


def run(nlp, path, augment):
    return [described(eg) for eg in Corpus(path, augmenter=augment)(nlp)]


def test_mentions_are_replaced_by_others_of_their_label(nlp, path):
    seen = set()
    for _ in range(20):
        examples = run(nlp, path, augmenter("replace_mentions", path=path, level=1.0))
        assert len(examples) == 5  # the sentence without entities has no copy
        assert examples[0] == (WORDS, [("Ada Lovelace", "PER"), ("New York", "LOC")])
        words, ents = examples[1]
        place = ents[1][0]
        assert words == ["Ada", "Lovelace", "lives", "in", *place.split(), "."]
        assert ents == [("Ada Lovelace", "PER"), (place, "LOC")]
        seen.add(place)
    assert seen == {"New York", "Rome"}


def test_none_are_replaced_at_level_0(nlp, path):
    examples = run(nlp, path, augmenter("replace_mentions", path=path, level=0.0))
    assert examples == run(nlp, path, None)


def test_case_changes_in_copies(nlp, path):
    examples = run(nlp, path, augmenter("change_case", lower=1.0, upper=1.0))
    assert len(examples) == 9
    assert [" ".join(words) for words, _ in examples[:3]] == [
        "Ada Lovelace lives in New York .",
        "ada lovelace lives in new york .",
        "ADA LOVELACE LIVES IN NEW YORK .",
    ]
    assert examples[2][1] == [("ADA LOVELACE", "PER"), ("NEW YORK", "LOC")]


def test_missing_annotation_and_sentences_stay(nlp):
    doc = Doc(nlp.vocab, words=WORDS, sent_starts=[True, *[False] * 5, True])
    doc.set_ents([Span(doc, 0, 2, "PER")], outside=[doc[2:4]], default="missing")
    set_annotated_labels(doc, ["PER"])
    example = Example(Doc(nlp.vocab, words=WORDS), doc)
    _, copy = augmenter("change_case", lower=0.0, upper=1.0)(nlp, example)
    assert [token.ent_iob_ for token in copy.reference] == ["B", "I", "O", "O", "", "", ""]
    assert annotated_labels(copy.reference) == ["PER"]
    assert [sentence.text for sentence in copy.reference.sents] == [
        "ADA LOVELACE LIVES IN NEW YORK",
        ".",
    ]


def test_augmenters_combine_with_each_other_and_with_spacys(nlp, path):
    combined = registry.augmenters.get("spacy-ner-archs.combine_augmenters.v1")(
        augmenter("change_case", lower=0.0, upper=1.0),
        registry.augmenters.get("spacy.lower_case.v1")(level=1.0),
    )
    examples = run(nlp, path, combined)
    assert len(examples) == 6
    assert all(word == word.lower() for words, _ in examples for word in words)
