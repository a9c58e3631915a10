"""What pipelines say of docs, on a pipeline that was trained on a few sentences."""

import numpy as np
import pytest
from audited import make_doc
from spacy.tokens import Doc, Span
from tiny_pipeline import tiny_pipeline

from spacy_ner_archs.auditing.judgement import judgements
from spacy_ner_archs.auditing.judges import Judges, judge, judged_labels
from spacy_ner_archs.corpus.annotated_labels import set_annotated_labels
from spacy_ner_archs.corpus.rejected_spans import INCORRECT

LABELS = {"LOC", "PER"}


@pytest.fixture(scope="module")
def nlp():
    return tiny_pipeline()


def judged(nlp, doc, labels=LABELS):
    (found,) = judgements([nlp], [doc], labels)
    return found


def places(entities):
    return [tuple(entity[:3]) for entity in entities]


def test_probabilities_are_those_of_the_bare_text(nlp):
    doc = make_doc("Ann saw Rome", "B-LOC O O")
    found = judged(nlp, doc)
    assert places(found.annotated) == [(0, 1, "LOC")]
    assert {(0, 1, "PER"), (2, 3, "LOC")} <= set(places(found.others))
    assert (0, 1, "LOC") not in places(found.others)
    ner, bare = nlp.get_pipe("ner"), [Doc(nlp.vocab, words=["Ann", "saw", "Rome"])]
    both = [*found.annotated, *found.others]
    expected = ner.span_probabilities(bare, [places(both)])[0]
    np.testing.assert_allclose([entity.score for entity in both], expected, atol=1e-6)
    assert (
        found.annotated[0].score < 0.5 < dict(zip(places(both), expected, strict=True))[0, 1, "PER"]
    )
    for place, p in found.outside.items():
        assert p == pytest.approx(ner.outside_probabilities(bare, [[place]])[0][0], abs=1e-6)
    assert set(found.outside) == {entity[:2] for entity in both}


@pytest.mark.parametrize(
    ("tags", "labels", "tokens_without"),
    [("- O O", LABELS, {0}), ("B-X O O", LABELS, {0}), ("O O O", {"PER"}, {2})],
    ids=["missing", "another label", "a label of no judge"],
)
def test_what_is_not_known_is_not_doubted(nlp, tags, labels, tokens_without):
    found = judged(nlp, make_doc("Ann saw Rome", tags), labels)
    assert found.annotated == ()
    tokens = {i for entity in found.others for i in range(entity.start, entity.end)}
    assert tokens
    assert tokens.isdisjoint(tokens_without)


def test_what_was_rejected_is_not_suggested(nlp):
    doc = make_doc("Ann saw Rome", "O O O")
    assert {(0, 1, "PER"), (2, 3, "LOC")} <= set(places(judged(nlp, doc).others))
    doc.spans[INCORRECT] = [Span(doc, 2, 3, "LOC")]
    without = set(places(judged(nlp, doc).others))
    assert (0, 1, "PER") in without
    assert (2, 3, "LOC") not in without


def test_labels_that_a_doc_does_not_annotate_are_suggested_at_entities_alone(nlp):
    doc = make_doc("Ann saw Rome", "O O B-PER")
    set_annotated_labels(doc, ["PER"])
    found = set(places(judged(nlp, doc).others))
    assert {(0, 1, "PER"), (2, 3, "LOC")} <= found
    assert (0, 1, "LOC") not in found
    set_annotated_labels(doc, [])
    assert {place[:2] for place in places(judged(nlp, doc).others)} == {(2, 3)}


def test_several_pipelines_say_their_mean(nlp):
    other = tiny_pipeline()
    other.get_pipe("ner").cfg["temperature"] = 3.0
    doc = make_doc("Bob saw Rome", "B-PER O O")
    one, two = judged(nlp, doc), judged(other, doc)
    (both,) = judgements([nlp, other], [doc], LABELS)
    assert both.annotated[0].score == pytest.approx(
        (one.annotated[0].score + two.annotated[0].score) / 2
    )
    assert set(places(both.others)) == set(places(one.others)) | set(places(two.others))
    for place in one.outside.keys() & two.outside.keys():
        assert both.outside[place] == pytest.approx((one.outside[place] + two.outside[place]) / 2)


def test_each_doc_has_its_judges(nlp):
    docs = [make_doc("Ann saw Rome", "B-PER O O"), make_doc("", ""), make_doc("Paris", "O")]
    panels = [Judges(("b",), (nlp,), [2]), Judges(("a",), (nlp,), [0])]
    first, empty, last = judge(docs, panels, LABELS)
    assert places(first.annotated) == [(0, 1, "PER")]
    assert (empty.annotated, empty.others) == ((), ())
    assert places(last.others)[0][:2] == (0, 1)


def test_labels_are_those_that_all_know(nlp):
    panel = Judges(("a",), (nlp,), [0])
    assert judged_labels([make_doc("a b", "B-PER B-X")], [panel]) == ["PER"]
    with pytest.raises(ValueError, match=r"none of its labels \(X\) is one of .* \(LOC, PER\)"):
        judged_labels([make_doc("a", "B-X")], [panel])
    with pytest.raises(ValueError, match="it has none"):
        judged_labels([make_doc("a", "O")], [panel])
