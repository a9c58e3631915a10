"""Decisions, and the corrected corpus that they make."""

import json

import pytest
import spacy
from audited import ROWS, audit_of, make_doc, tags_of, write_corpus
from spacy.tokens import DocBin, Span

from spacy_ner_archs.auditing.corpus_file import read_corpus
from spacy_ner_archs.auditing.correction import changes_of, corrected_corpus
from spacy_ner_archs.auditing.decision import read_decisions
from spacy_ner_archs.auditing.doubted_sentence import doubted_sentences
from spacy_ner_archs.auditing.tasks import decision_task
from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.corpus.rejected_spans import INCORRECT

TAGS = [row[1] for row in ROWS]
#: Of the doubts, by their rank.
BOUNDARIES, LABEL, MISSING, SPURIOUS = range(4)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("decisions") / "corpus.spacy")


@pytest.fixture(scope="module")
def tasks(corpus):
    audit = audit_of(corpus)
    doubted = doubted_sentences(corpus.docs, audit.doubts)
    return [decision_task(each, audit.checksum) for each in doubted]


def span(start, end, label):
    return {"start": start, "end": end, "label": label}


def corrected(corpus, folder, rows):
    """Tags of the corpus after decisions, which are dicts, or lines."""
    file = folder / "decisions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(lines))
    changes = changes_of(corpus.docs, read_decisions(file, corpus))
    return tags_of(corrected_corpus(corpus, changes))


@pytest.mark.parametrize(
    ("number", "doc", "tags"),
    [
        (BOUNDARIES, 2, "B-ORG I-ORG I-ORG O -"),
        (LABEL, 0, "B-PER O B-PER O B-LOC"),
        (MISSING, 1, "B-ORG O O B-LOC O O"),
        (SPURIOUS, 1, "O O O O O O"),
    ],
    ids=["boundaries", "label", "missing", "spurious"],
)
def test_what_is_accepted_is_changed_and_nothing_else(corpus, tasks, tmp_path, number, doc, tags):
    for answer, expected in (("accept", tags), ("reject", TAGS[doc]), ("ignore", TAGS[doc])):
        found = corrected(corpus, tmp_path, [{**tasks[number], "answer": answer}])
        assert found == [*TAGS[:doc], expected, *TAGS[doc + 1 :]]


def test_several_doubts_of_a_doc_and_blank_lines(corpus, tasks, tmp_path):
    accepted = [{**task, "answer": "accept"} for task in tasks]
    found = corrected(corpus, tmp_path, [*accepted, "", accepted[0]])
    assert found == ["B-PER O B-PER O B-LOC", "B-ORG O O O O O", "B-ORG I-ORG I-ORG O -", ""]


def test_spans_that_a_person_has_set_are_the_truth_of_their_sentence(corpus, tasks, tmp_path):
    edited = {**tasks[LABEL], "spans": [span(8, 18, "MISC")], "answer": "accept"}
    assert corrected(corpus, tmp_path, [edited])[0] == "O O B-MISC O O"
    without = {**tasks[MISSING], "spans": None, "answer": "accept"}
    assert corrected(corpus, tmp_path, [without]) == TAGS


def test_all_other_annotation_stays(tasks, tmp_path):
    doc = make_doc(*ROWS[0])
    doc.ents = [Span(doc, e.start, e.end, e.label, kb_id=f"Q{e.start}") for e in doc.ents]
    doc.spans["other"] = [doc[0:2]]
    doc.cats = {"news": 1.0}
    doc.user_data["mine"] = "kept"
    path = tmp_path / "rich.spacy"
    DocBin(store_user_data=True, docs=[doc]).to_disk(path)
    rich = read_corpus(path)
    task = {**tasks[LABEL], "answer": "accept"}
    task["doubt"] = {**task["doubt"], "corpus": rich.checksum}
    (tmp_path / "decisions.jsonl").write_text(json.dumps(task))
    changes = changes_of(rich.docs, read_decisions(tmp_path / "decisions.jsonl", rich))
    data = corrected_corpus(rich, changes)
    (after,) = DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab)
    assert [(e.label_, e.kb_id_) for e in after.ents] == [("PER", "Q0"), ("PER", ""), ("LOC", "Q4")]
    assert after.user_data[DOCUMENT_START]
    assert after.user_data["mine"] == "kept"
    assert after.cats == doc.cats
    assert [s.text for s in after.spans["other"]] == ["Ann met"]
    assert [t.is_sent_start for t in after] == [t.is_sent_start for t in doc]
    assert read_corpus(path).checksum == rich.checksum


OTHER = {"corpus": "0" * 32}
WRONG = {
    "no JSON": ("{", "decisions.jsonl:1: not JSON"),
    "no mapping": ("1", "1: 1 is no task"),
    "no doubt": ({"text": "a", "answer": "accept"}, "1: no field 'doubt'"),
    "half a doubt": ({"doubt": {"doc": 1}}, "1: doubt.corpus: Field required"),
    "another corpus": (OTHER, "1: it is about another corpus than"),
    "an unknown doc": ({"doc": 4}, "1: no doc 4; the corpus has 4"),
    "an empty doc": ({"doc": 3}, "1: doc 3 has no tokens 0 to 5; it has 0"),
    "an entity of another doc": ({"doc": 2}, "1: the corpus doesn't have the entity"),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_decision_about_the_corpus_gets_a_line(corpus, tasks, tmp_path, wrong, message):
    if isinstance(wrong, dict) and not {"text", "doubt"} & wrong.keys():
        doubt = {**tasks[LABEL]["doubt"], **wrong}
        wrong = {**tasks[LABEL], "doubt": doubt, "answer": "accept"}
    with pytest.raises(ValueError, match=message):
        corrected(corpus, tmp_path, [wrong])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": None}, "its answer is None; it must be one of accept, reject, ignore"),
        ({"answer": "yes"}, "its answer is 'yes'"),
        ({"text": "Ann"}, "its text isn't that of the corpus"),
        ({"spans": [span(0, 2, "PER")]}, r"'An' \(0 to 2, PER\) doesn't begin and end with tokens"),
        ({"spans": [span(0, 3, "")]}, "a span needs characters and a label"),
        ({"spans": [{"start": 0}]}, "a span needs characters and a label"),
        ({"spans": [span(0, 3, "A"), span(0, 7, "B")]}, r":1: Ann \(A\) and Ann met \(B\) overlap"),
    ],
)
def test_a_wrong_answer_gets_a_line(corpus, tasks, tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        corrected(corpus, tmp_path, [{**tasks[LABEL], "answer": "accept", **change}])


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"answer": "reject"}, r":1: line 2 says something else of <b>Ann</b> \(ORG\)"),
        (
            {"spans": [span(0, 3, "PER"), span(8, 18, "MISC"), span(21, 26, "LOC")]},
            r":[12]: <b>Ann</b> \(MISC\) and <b>Ann</b> \(PER\) overlap",
        ),
    ],
)
def test_decisions_that_disagree_get_a_line(corpus, tasks, tmp_path, second, message):
    accepted = {**tasks[LABEL], "answer": "accept"}
    with pytest.raises(ValueError, match=message):
        corrected(corpus, tmp_path, [accepted, {**accepted, **second}])


def test_what_an_annotator_has_rejected_is_not_added(corpus, tasks, tmp_path):
    doc = corpus.docs[1]
    doc.spans[INCORRECT] = [Span(doc, 0, 1, "ORG")]
    try:
        with pytest.raises(ValueError, match=r":1: Leeds \(ORG\) is a rejected span of the corpus"):
            corrected(corpus, tmp_path, [{**tasks[MISSING], "answer": "accept"}])
    finally:
        del doc.spans[INCORRECT]


def test_a_suggestion_that_was_refused_is_not_added(corpus, tasks, tmp_path):
    missing = [{**tasks[MISSING], "answer": answer} for answer in ("reject", "accept")]
    with pytest.raises(ValueError, match=r":2: line 1 says something else of Leeds \(ORG\)"):
        corrected(corpus, tmp_path, missing)
