import pytest
from spacy.tokens import Doc
from spacy.training import Example
from tagged import VOCAB

from spacy_ner_archs.evaluation.training_data import describe_entities


def example(words, ents, predicted=None, **annotation):
    predicted = Doc(VOCAB, words=predicted or words)
    return Example(predicted, Doc(VOCAB, words=words, ents=ents, **annotation))


CLEAN = ["Ada", "saw", "Rome"], ["B-PER", "O", "B-LOC"]


@pytest.mark.parametrize(
    ("examples", "expected"),
    [
        ([example(*CLEAN)], {"labels": {"PER": 1, "LOC": 1}, "entities": 2}),
        ([example(*CLEAN)], {"unseen": 1}),
        (
            [example(["Ada", "Lovelace", "in"], ["B-PER", "I-PER", "O"], sent_starts=[1, 1, 0])],
            {"across_sentences": 1, "unseen": 1},
        ),
        ([example(["Rome", "\n", "now"], ["B-LOC", "I-LOC", "O"])], {"in_white_space": 1}),
        ([example(["New", "\n", "York"], ["B-LOC", "I-LOC", "I-LOC"])], {"in_white_space": 0}),
        (
            [example(["Rome", "-", "based"], ["B-LOC", "O", "O"], predicted=["Rome-based"])],
            {"misaligned": 1},
        ),
        ([example(*CLEAN)], {"misaligned": 0, "in_white_space": 0, "across_sentences": 0}),
        ([], {"labels": {}, "entities": 0, "unseen": 0}),
    ],
)
def test_entities_are_counted(examples, expected):
    described = describe_entities(examples, names={"Rome"})
    assert {key: described[key] for key in expected} == expected
