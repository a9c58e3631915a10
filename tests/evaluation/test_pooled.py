"""Predictions by several pipelines, as those of one."""

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.evaluation.pooled import Part, pooled
from spacy_ner_archs.evaluation.predict import Cost, Predictions
from spacy_ner_archs.evaluation.probabilities import Probabilities
from spacy_ner_archs.evaluation.slices import fold_scores

VOCAB = spacy.blank("en").vocab


def example(word, gold, predicted):
    reference = Doc(VOCAB, words=[word], ents=[gold])
    return Example(Doc(VOCAB, words=[word], ents=[predicted]), reference)


def part(fold, docs, examples, label, cost, with_probabilities=True):
    known = [Probabilities([], {eg.reference[0].text: 1.0}) for eg in examples]
    predictions = Predictions(
        examples, fold, "file", (label,), cost, known if with_probabilities else None
    )
    return Part(fold, docs, predictions)


A = [example("a", "B-X", "B-X"), example("c", "B-X", "O")]
B = [example("b", "O", "B-Y")]
COSTS = Cost(10, 1.0, 100), Cost(30, 3.0, 200)


def test_docs_are_in_their_order_with_what_belongs_to_them():
    parts = [part("fold-0", [0, 2], A, "X", COSTS[0]), part("fold-1", [1], B, "Y", COSTS[1])]
    found = pooled(parts, "both")
    assert [eg.reference[0].text for eg in found.examples] == ["a", "b", "c"]
    assert [list(each.entities) for each in found.probabilities] == [["a"], ["b"], ["c"]]
    assert found.folds == ["fold-0", "fold-1", "fold-0"]
    assert (found.model, found.file, found.labels) == ("both", "file", ("X", "Y"))
    assert found.cost == Cost(20, 2.0, 150)
    scores = fold_scores(found.examples, found.folds, resamples=10)
    assert [(name, each.p, each.r, each.support) for name, each in scores.items()] == [
        ("fold-0", 1.0, 0.5, 2),
        ("fold-1", 0.0, 0.0, 0),
    ]


@pytest.mark.parametrize("known", [(True, False), (False, False)])
def test_without_all_probabilities_there_are_none(known):
    parts = [
        part("fold-0", [0, 2], A, "X", COSTS[0], known[0]),
        part("fold-1", [1], B, "Y", COSTS[1], known[1]),
    ]
    assert pooled(parts, "both").probabilities is None
