"""Gold entities on the predicted doc's tokens."""

import spacy
from spacy.tokens import Doc
from spacy.training import Example
from tagged import example

from spacy_ner_archs.evaluation.gold import gold_of


def test_same_tokens():
    gold = gold_of(example("B-A I-A O B-B", "O O O O"))
    assert gold.spans == {(0, 2, "A"), (3, 4, "B")}
    assert gold.counts == {"A": 1, "B": 1}
    assert gold.is_known(0, 4)


def test_missing_annotation_is_unknown():
    gold = gold_of(example("B-A O - O", "O O O O"))
    assert [gold.is_known(*span) for span in ((0, 2), (1, 3), (2, 3), (3, 4))] == [
        *(True, False),
        *(False, True),
    ]


def test_an_entity_inside_a_token_counts_and_can_not_be_found():
    vocab = spacy.blank("en").vocab
    predicted = Doc(vocab, words=["New", "York-based", "firm"])
    words = ["New", "York", "-", "based", "firm"]
    spaces = [True, False, False, True, False]
    reference = Doc(vocab, words=words, spaces=spaces, ents=["B-L", "I-L", "O", "O", "B-O"])
    gold = gold_of(Example(predicted, reference))
    assert gold.spans == {(2, 3, "O")}
    assert gold.counts == {"L": 1, "O": 1}
