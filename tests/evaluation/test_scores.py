"""Scores on hand-made predictions whose right answers are written here."""

import pytest
from spacy.tokens import Doc, Span
from spacy.training import Example
from tagged import VOCAB, example

from spacy_ner_archs.evaluation import entities
from spacy_ner_archs.evaluation.entities import entity_scores, scorers_agree
from spacy_ner_archs.evaluation.tags import tag_pairs, tag_scores


def agree(scores):
    return scorers_agree(scores.micro.f, scores.seqeval_f)


def test_an_entity_is_right_if_its_boundaries_and_label_are():
    examples = [
        example("B-PER I-PER O", "B-PER I-PER O"),  # right
        example("B-PER I-PER O", "B-PER O O"),  # boundary
        example("O B-LOC O", "O B-ORG O"),  # label
        example("O O B-LOC", "O O O"),  # missed
        example("O O O", "O B-MISC O"),  # spurious
        example("B-LOC B-LOC O", "B-LOC I-LOC O"),  # merged
    ]
    scores = entity_scores(examples)
    micro, per = scores.micro, scores.per_label["PER"]
    assert (micro.p, micro.r, micro.f) == pytest.approx((1 / 5, 1 / 6, 2 / 11))
    assert micro.support == 6
    assert (per.p, per.r, per.f) == pytest.approx((0.5, 0.5, 0.5))
    assert per.support == 2
    assert list(scores.per_label) == ["LOC", "MISC", "ORG", "PER"]


def test_without_entities_scores_are_zero():
    scores = entity_scores([example("O O", "O O")])
    assert (scores.micro.f, scores.micro.support, scores.per_label) == (0.0, 0, {})


def test_disagreement_with_seqeval_is_seen(monkeypatch):
    right = [example("B-PER O", "B-PER O")]
    assert agree(entity_scores(right))
    half = dict.fromkeys("prf", 0.5)
    other = {**{f"ents_{key}": 0.5 for key in "prf"}, "ents_per_type": {"PER": half}}
    monkeypatch.setattr(entities, "get_ner_prf", lambda examples: other)
    assert not agree(entity_scores(right))


@pytest.mark.parametrize("label", ["A-", "-", "B-PER", "O", "two words"])
def test_odd_labels_are_scored_alike_by_both(label):
    doc = Doc(VOCAB, words=["a", "b"])
    gold = Doc(VOCAB, words=["a", "b"])
    gold.set_ents([Span(gold, 0, 1, label=label), Span(gold, 1, 2, label="X")])
    doc.set_ents([Span(doc, 0, 1, label=label)])
    scores = entity_scores([Example(doc, gold)])
    assert scores.seqeval_f == pytest.approx(2 / 3)
    assert agree(scores)


def test_other_tokens_than_the_gold_ones_are_scored_by_spacy_alone():
    gold = Doc(VOCAB, words=["cannot", "U.S", "."], spaces=[True, False, False])
    doc = Doc(VOCAB, words=["can", "not", "U.S."], spaces=[False, True, False])
    gold.set_ents([Span(gold, 1, 3, label="LOC")])
    doc.set_ents([Span(doc, 2, 3, label="LOC")])
    scores = entity_scores([Example(doc, gold)])
    assert scores.micro.f == 1.0
    assert scores.seqeval_f is None


def test_tokens_without_annotation_count_for_nothing():
    scores = entity_scores([example("- B-LOC O", "B-PER B-LOC O")])
    assert (scores.micro.p, scores.micro.r) == (1.0, 1.0)
    tags = tag_scores(tag_pairs([example("- B-LOC O", "B-PER B-LOC O")], "iob2"), "iob2")
    assert tags.accuracy == 1.0
    assert "B-PER" not in tags.per_tag


def test_tags_are_scored_one_by_one():
    scores = tag_scores(tag_pairs([example("B-PER I-PER O O", "B-PER O O B-LOC")], "iob2"), "iob2")
    assert scores.accuracy == 0.5
    per_tag = scores.per_tag
    assert {tag: round(prf.f, 3) for tag, prf in per_tag.items()} == {
        "B-LOC": 0.0,
        "B-PER": 1.0,
        "I-PER": 0.0,
        "O": 0.5,
    }
    assert {tag: prf.support for tag, prf in per_tag.items()} == {
        "B-LOC": 0,
        "B-PER": 1,
        "I-PER": 1,
        "O": 2,
    }
    assert scores.macro_f == pytest.approx(1.5 / 4)


def test_iob1_is_written_by_sentence_and_its_mean_leaves_b_tags_out():
    gold = "B-LOC B-LOC O B-LOC"
    one = tag_scores(tag_pairs([example(gold, gold)], "iob1"), "iob1")
    assert {tag: prf.support for tag, prf in one.per_tag.items()} == {
        "B-LOC": 1,
        "I-LOC": 2,
        "O": 1,
    }
    two = tag_scores(
        tag_pairs([example(gold, gold, sent_starts=[True, True, False, False])], "iob1"), "iob1"
    )
    assert {tag: prf.support for tag, prf in two.per_tag.items()} == {"I-LOC": 3, "O": 1}
    wrong = tag_scores(tag_pairs([example(gold, "B-LOC B-ORG O B-LOC")], "iob1"), "iob1")
    assert wrong.macro_f == pytest.approx((1 + 1 + 0) / 3)
