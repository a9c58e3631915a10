"""Two pipelines compared, on predictions whose right answers are written here."""

import pytest
from tagged import example, place, plain, predictions

from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.predict import rename_labels

GOLD = "B-PER I-PER O B-LOC"
WORDS = ["Ada", "Lovelace", "saw", "Rome"]


def test_what_each_alone_gets_right():
    first = [example(GOLD, "B-PER I-PER O O", WORDS), example("B-PER O", "B-PER O")]
    second = [example(GOLD, "B-PER O O B-LOC", WORDS), example("B-PER O", "B-PER O")]
    found = plain(compare(predictions(first), predictions(second), resamples=50))
    assert found["right_alone"] == {
        "first": {"LOC": 0, "PER": 1},
        "second": {"LOC": 1, "PER": 0},
    }
    (sentence,) = found["sentences"]
    assert sentence["text"] == "Ada Lovelace saw Rome"
    assert sentence["first"] == [place(0, 12, "PER")]
    assert sentence["second"] == [place(0, 3, "PER", is_wrong=True), place(17, 21, "LOC")]
    assert sentence["errors"] == [
        {"text": "Ada Lovelace", "gold": "PER", "right": "first"},
        {"text": "Rome", "gold": "LOC", "right": "second"},
    ]
    assert found["labels"]["PER"]["f1"] == pytest.approx(1 - 0.5)
    assert (found["labels"]["LOC"]["first"], found["labels"]["LOC"]["second"]) == (0.0, 1.0)
    assert found["all"]["f1"] == pytest.approx(4 / 5 - 2 / 3)


def test_the_same_predictions_do_not_differ():
    examples = [example(GOLD, "B-PER O O B-LOC", WORDS)] * 10
    found = plain(compare(predictions(examples), predictions(examples), resamples=50))
    assert found["all"]["f1"] == 0
    assert (found["all"]["p_bootstrap"], found["all"]["p_randomisation"]) == (1.0, 1.0)
    assert found["sentences"] == []


def test_labels_are_renamed_or_left_out():
    one = example(GOLD, "B-PERSON I-PERSON B-DATE B-LOC", WORDS)
    rename_labels([one], {"PERSON": "PER", "DATE": ""})
    assert [(ent.text, ent.label_) for ent in one.predicted.ents] == [
        ("Ada Lovelace", "PER"),
        ("Rome", "LOC"),
    ]
