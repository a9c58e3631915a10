"""What a report finds in predictions whose right answers are written here."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.entities import Entity as Other
from nervaluate.strategies import StrictEvaluation
from spacy.tokens import Doc, Span
from spacy.training import Example
from tagged import VOCAB, example, place, plain, predictions, report_of

from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.confusion import Pattern, confusion_of, most_frequent, shares_of
from spacy_ner_archs.evaluation.counts import aligned_entities
from spacy_ner_archs.evaluation.matches import matches
from spacy_ner_archs.evaluation.report import read_report, to_json
from spacy_ner_archs.evaluation.tags import tag_pairs
from spacy_ner_archs.evaluation.training_log import Point


def kinds(gold, predicted):
    return [match.kind for match in matches(example(gold, predicted))]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("B-PER I-PER O", "B-PER I-PER O", ["correct"]),
        ("B-PER I-PER O", "B-PER O O", ["boundary"]),
        ("B-PER I-PER O", "B-PER I-PER I-PER", ["boundary"]),
        ("O B-LOC O", "O B-ORG O", ["type"]),
        ("B-LOC I-LOC O", "O B-ORG O", ["both"]),
        ("O O B-LOC", "O O O", ["missed"]),
        ("O O O", "O B-MISC O", ["spurious"]),
        ("B-LOC B-LOC O", "B-LOC I-LOC O", ["boundary", "missed"]),  # two merged
        ("B-LOC I-LOC I-LOC", "B-LOC O B-LOC", ["boundary", "spurious"]),  # one split
        ("O B-PER I-PER O", "B-PER I-PER I-PER I-PER", ["boundary"]),  # within another
        ("B-PER I-PER I-PER O", "O B-LOC O B-ORG", ["both", "spurious"]),
        ("B-PER B-LOC B-ORG", "B-PER B-ORG B-ORG", ["correct", "type", "correct"]),
        ("O O", "O O", []),
        ("- B-LOC", "B-LOC B-LOC", ["correct"]),  # nothing is known of the first
    ],
)
def test_kinds_of_errors(gold, predicted, expected):
    assert kinds(gold, predicted) == expected


def iob(letters):
    """A and B begin an entity, a and b go on with one."""
    row, before = [], "."
    for letter in letters:
        label = letter.upper()
        goes_on = letter.islower() and before == label
        row.append("O" if letter == "." else f"{'I' if goes_on else 'B'}-{label}")
        before = label
    return " ".join(row)


def rows_of_tags(n):
    row = st.text("ABab.", min_size=n, max_size=n).map(iob)
    return st.tuples(row, row)


def pairs_of_nervaluate(one):
    """Wrong entities with those that they are compared with, and those that have none."""
    found, expected = aligned_entities(one)
    predicted, gold = (sorted(x) for x in (found - expected, expected - found))
    of_both = [[Other(e.label, e.start, e.end - 1) for e in side] for side in (gold, predicted)]
    indices = StrictEvaluation().evaluate(*of_both, [])[1]
    missed = {gold[i] for _, i in indices.missed_indices}
    wrong = [predicted[i] for _, i in indices.incorrect_indices]
    return {
        *zip([entity for entity in gold if entity not in missed], wrong, strict=True),
        *((entity, None) for entity in missed),
        *((None, predicted[i]) for _, i in indices.spurious_indices),
    }


@given(st.integers(1, 8).flatmap(rows_of_tags))
@settings(max_examples=200, deadline=None)
def test_pairs_are_those_of_nervaluate(rows):
    one = example(*rows)
    found = {tuple(match) for match in matches(one) if match.kind != "correct"}
    assert found == pairs_of_nervaluate(one)


@given(st.integers(1, 8).flatmap(rows_of_tags))
@settings(max_examples=200, deadline=None)
def test_each_entity_is_in_one_pair_and_pairs_overlap(rows):
    one = example(*rows)
    predicted, gold = aligned_entities(one)
    found = matches(one)
    assert sorted(match.gold for match in found if match.gold) == sorted(gold)
    assert sorted(match.predicted for match in found if match.predicted) == sorted(predicted)
    assert {match.gold for match in found if match.kind == "correct"} == set(predicted & gold)
    for match in found:
        if match.gold and match.predicted:
            assert max(match.gold.start, match.predicted.start) < min(
                match.gold.end, match.predicted.end
            )


def test_a_confusion_of_a_case_by_hand():
    pairs = Counter({("PER", "PER"): 3, ("PER", "O"): 1, ("O", "LOC"): 2, ("LOC", "PER"): 1})
    confusion = confusion_of(pairs)
    assert confusion.labels == ("LOC", "PER", "O")
    assert confusion.counts == ((0, 1, 0), (0, 3, 1), (2, 0, 0))
    shares = shares_of(np.array(confusion.counts))
    np.testing.assert_allclose(shares, [[0, 1, 0], [0, 0.75, 0.25], [1, 0, 0]])
    patterns = (Pattern("O", "LOC", 2), Pattern("LOC", "PER", 1), Pattern("PER", "O", 1))
    assert confusion.patterns == patterns
    assert most_frequent(confusion_of(Counter()), 2)[1].shape == (0, 0)


def test_patterns_of_tags_are_counted_by_token():
    pairs = tag_pairs([example("B-PER I-PER O", "O O O"), example("O B-PER", "O B-PER")], "iob1")
    assert confusion_of(pairs).patterns == (Pattern("I-PER", "O", 2),)
    assert pairs["O", "O"] == 2


def test_parts_of_the_entities_are_scored_apart():
    words = ["ADA", "AND", "BO", "IN", "NEW", "YORK"]
    upper = example("B-PER O B-PER O B-LOC I-LOC", "B-PER O O O B-LOC O", words)
    lower = example("B-PER O", "B-PER B-LOC", ["Ada", "fell"])
    train = Doc(VOCAB, words=["New", "ADA", "York"])
    train.set_ents([Span(train, 1, 2, label="ORG")])
    report = plain(report_of([upper, lower], [train]))
    scores = {
        way: {
            part: (round(prf["p"], 3), round(prf["r"], 3), prf["support"])
            for part, prf in parts.items()
        }
        for way, parts in report["slices"].items()
    }
    assert scores == {
        "name in the training data": {"seen": (1.0, 1.0, 1), "unseen": (0.333, 0.333, 3)},
        "tokens of the entity": {"1": (0.5, 0.667, 3), "2": (0.0, 0.0, 1)},
        "tokens of the sentence": {"up to 10": (0.5, 0.5, 4)},
        "case of the sentence": {"upper case": (0.5, 0.333, 3), "other": (0.5, 1.0, 1)},
    }


def test_a_report_of_a_case_by_hand():
    words = ["Ada", "Lovelace", "met", "Bo", ".", "Rome", "fell", "."]
    one = example(
        "B-PER I-PER O B-PER O B-LOC O O",
        "B-PER O O B-PER O B-ORG B-ORG O",
        words,
        [True, False, False, False, False, True, False, False],
    )
    report = plain(report_of([one, example("O O", "O O")]))
    size = {key: n for key, n in report["corpus"].items() if key != "file"}
    assert size == {"docs": 2, "sentences": 2, "tokens": 10, "entities": 3}
    assert report["macro"]["f"] == pytest.approx((0.5 + 0 + 0) / 3)
    assert report["interval"] is None  # of two docs
    low, high = plain(report_of([one] * 12))["interval"]
    assert (low, high) == pytest.approx((report["ents_f"], report["ents_f"]))
    assert report["confusion"]["labels"] == ["LOC", "ORG", "PER", "O"]
    assert report["confusion"]["counts"] == [[0, 1, 0, 0], [0] * 4, [0, 0, 2, 0], [0, 1, 0, 0]]
    errors = report["errors"]
    assert errors["kinds"] == {
        "boundary": {"PER": 1},
        "type": {"LOC": 1},
        "both": {},
        "missed": {},
        "spurious": {"ORG": 1},
    }
    first, second = errors["sentences"]
    assert first["text"] == "Ada Lovelace met Bo ."
    assert first["gold"] == [place(0, 12, "PER", is_wrong=True, error=0), place(17, 19, "PER")]
    assert first["predicted"][0] == place(0, 3, "PER", is_wrong=True, error=0)
    (error,) = first["errors"]
    assert (error["kind"], error["gold"], error["predicted"]) == ("boundary", "PER", "PER")
    assert error["text"] == "Ada Lovelace"
    assert second["text"] == "Rome fell ."
    assert [error["kind"] for error in second["errors"]] == ["type", "spurious"]
    assert errors["texts"][0]["count"] == 1
    assert "name in the training data" not in report["slices"]


def test_each_mistake_is_counted_with_its_most_frequent_texts():
    wrong_label = [
        example("B-LOC O", "B-ORG O", [city, "fell"]) for city in ("Rome", "Bonn", "Rome")
    ]
    merged = example("B-LOC B-LOC O", "B-LOC I-LOC O", ["Rome", "Bonn", "fell"])
    errors = plain(report_of([*wrong_label, merged]))["errors"]
    assert errors["mistakes"] == [
        {"kind": "type", "gold": "LOC", "predicted": "ORG", "count": 3, "texts": ["Rome", "Bonn"]},
        {"kind": "boundary", "gold": "LOC", "predicted": "LOC", "count": 1, "texts": ["Rome"]},
        {"kind": "missed", "gold": "LOC", "predicted": "O", "count": 1, "texts": ["Bonn"]},
    ]
    (sentence,) = (each for each in errors["sentences"] if len(each["errors"]) > 1)
    assert [each["error"] for each in sentence["gold"]] == [0, 1]
    assert [each["error"] for each in sentence["predicted"]] == [0]


def test_labels_that_only_one_side_knows():
    report = plain(report_of([example("B-PER O", "B-PERSON O")]))
    assert list(report["ents_per_type"]) == ["PER", "PERSON"]
    assert report["errors"]["kinds"]["type"] == {"PER": 1}


@pytest.mark.parametrize("examples", [[], [example("O O", "O O")], [example("- -", "B-A O")]])
def test_nothing_to_score(examples):
    report = plain(report_of(examples, []))
    assert (report["ents_f"], report["interval"], report["support"]) == (0.0, None, 0)
    assert report["errors"]["sentences"] == []


def test_labels_of_which_nothing_is_scored_are_not_in_the_mean():
    examples = [example("B-A -", "B-A B-B")]
    assert plain(report_of(examples))["macro"]["f"] == 1.0


def test_two_predictions_in_one_gold_token():
    gold = Doc(VOCAB, words=["Sony-Obama"])
    gold.set_ents([Span(gold, 0, 1, label="PER")])
    predicted = Doc(VOCAB, words=["Sony", "-", "Obama"], spaces=[False, False, False])
    predicted.set_ents([Span(predicted, 0, 1, label="ORG"), Span(predicted, 2, 3, label="PER")])
    report = plain(report_of([Example(predicted, gold)]))
    assert report["ents_per_type"]["PER"]["f"] == 1.0
    assert [e["kind"] for e in report["errors"]["sentences"][0]["errors"]] == ["spurious"]


def test_a_second_prediction_of_one_label_in_one_gold_token_is_wrong():
    gold = Doc(VOCAB, words=["York-London"])
    gold.set_ents([Span(gold, 0, 1, label="LOC")])
    predicted = Doc(VOCAB, words=["York", "-", "London"], spaces=[False, False, False])
    predicted.set_ents([Span(predicted, 0, 1, label="LOC"), Span(predicted, 2, 3, label="LOC")])
    examples = [Example(predicted, gold)] * 20
    report = plain(report_of(examples))
    assert report["ents_f"] == pytest.approx(2 / 3)
    assert report["interval"] == pytest.approx([2 / 3, 2 / 3])
    assert [match.kind for match in matches(examples[0])] == ["correct", "spurious"]
    both = compare(predictions(examples), predictions(examples), resamples=20)
    assert both.right_alone == {"first": {}, "second": {}}


def test_rare_labels_are_put_together():
    confusion = confusion_of(Counter({("A", "A"): 5, ("B", "C"): 1, ("C", "A"): 2, ("O", "B"): 4}))
    labels, counts = most_frequent(confusion, 2)
    assert labels == ["A", "O", "*"]
    assert counts.tolist() == [[5, 0, 0], [0, 0, 4], [2, 0, 1]]
    assert most_frequent(confusion, 4)[1].tolist() == [list(row) for row in confusion.counts]


def test_other_tokens_than_the_gold_ones():
    gold = Doc(VOCAB, words=["in", "New", "York"])
    gold.set_ents([Span(gold, 1, 3, label="LOC")])
    predicted = Doc(VOCAB, words=["in", "New York"])
    predicted.set_ents([Span(predicted, 1, 2, label="ORG")])
    (sentence,) = plain(report_of([Example(predicted, gold)]))["errors"]["sentences"]
    assert sentence["predicted"] == [place(3, 11, "ORG", is_wrong=True, error=0)]
    assert sentence["errors"][0]["kind"] == "type"


def test_a_report_is_read_from_its_json_as_it_was(tmp_path):
    report = report_of(
        [example("B-PER O", "B-PER O")] * 12, [], {"a": [Point(0, 1, 2.0, 0.5, None)]}
    )
    (tmp_path / "report.json").write_text(to_json(report))
    assert read_report(tmp_path / "report.json") == report


def test_reports_of_earlier_versions_can_be_read(tmp_path):
    """They have no confidence, no mistakes, no probabilities and no verdicts."""
    report = plain(report_of([example("B-PER O", "B-LOC O")]))
    del report["confidence"], report["errors"]["mistakes"]
    (sentence,) = report["errors"]["sentences"]
    del sentence["tokens"]
    for error in sentence["errors"]:
        for key in ("p_gold", "p_predicted", "verdict"):
            del error[key]
    for each in (*sentence["gold"], *sentence["predicted"]):
        del each["is_wrong"], each["probability"], each["error"]
    for scores in (report["macro"], *report["tags"]["per_tag"].values()):
        del scores["interval"]
    del report["macro"]["support"]
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert read_report(tmp_path / "report.json").errors.sentences[0].errors[0].kind == "type"
