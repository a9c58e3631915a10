"""The audit of a corpus, from what is said of its docs."""

import pytest
from audited import JUDGED, audit_of, judgement, write_corpus

from spacy_ner_archs.auditing.doubted_sentence import doubted_sentences
from spacy_ner_archs.auditing.tasks import decision_task, doubt_task


@pytest.fixture
def corpus(tmp_path):
    return write_corpus(tmp_path / "corpus.spacy")


def test_doubts_are_ranked(corpus):
    audit = audit_of(corpus)
    assert [(d.doc, d.kind, d.better.text) for d in audit.doubts] == [
        (2, "boundaries", "New York Times"),
        (0, "label", "<b>Ann</b>"),
        (1, "missing", "Leeds"),
        (1, "spurious", "York"),
    ]
    scores = [doubt.score for doubt in audit.doubts]
    assert scores == sorted(scores, reverse=True)
    assert 1 > scores[0] > scores[-1] > 0
    assert audit.corpus.sentences == 4
    assert audit.judges == ("a judge",)


def test_a_sentence_is_doubted_where_one_of_its_annotations_is(corpus):
    audit = audit_of(corpus)
    scores = {(s.doc, s.start): s.score for s in audit.sentences}
    boundaries, label, missing, spurious = (doubt.score for doubt in audit.doubts)
    assert [s.score for s in audit.sentences] == sorted(scores.values(), reverse=True)
    assert scores[2, 0] == pytest.approx(boundaries)
    assert (scores[1, 0], scores[1, 3]) == pytest.approx((missing, spurious))
    assert label < scores[0, 0] < label + 0.1  # Ann and Leeds are doubted a little, too
    quiet = audit_of(corpus, [JUDGED[0], *[judgement()] * 3]).sentences
    assert [s.score for s in quiet[1:]] == [0, 0, 0]


def test_mentions_are_those_of_the_rest_of_the_corpus(corpus):
    missing = audit_of(corpus).doubts[2]
    assert missing.better.mentions == {"LOC": 1}  # not itself, nor what isn't annotated
    assert missing.there[0].mentions == {"LOC": 1}


def test_entities_of_other_labels_are_told(corpus):
    assert audit_of(corpus, labels=["PER"]).not_judged == {"LOC": 3, "ORG": 1}


def test_a_task_has_the_corrected_sentence_and_finds_its_place(corpus):
    audit = audit_of(corpus)
    doubted = doubted_sentences(corpus.docs, audit.doubts)
    tasks = [decision_task(each, audit.checksum) for each in doubted]
    assert [
        [(task["text"][s["start"] : s["end"]], s["label"], s.get("score")) for s in task["spans"]]
        for task in tasks
    ] == [
        [("New York Times", "ORG", 0.9)],
        [("Ann", "PER", None), ("<b>Ann</b>", "PER", 0.8), ("Leeds", "LOC", None)],
        [("Leeds", "ORG", 0.7)],
        [],
    ]
    assert tasks[3]["text"] == "York lost ."
    assert tasks[3]["doubt"] == {
        "corpus": corpus.checksum,
        "doc": 1,
        "sentence": [3, 6],
        "annotated": [[3, 4, "LOC"]],
        "better": [3, 4, "O"],
    }
    assert doubt_task(doubted[0]).meta == {
        "kind": "boundaries",
        "score": round(audit.doubts[0].score, 4),
        "annotated": "New York LOC 0.050",
        "better": "New York Times ORG 0.900",
    }
