import json

import pytest
import spacy
from spacy.tokens import Doc, Span

from spacy_ner_archs.annotators.task import Task, one_span_each, task_of
from spacy_ner_archs.annotators.writing.formats import FORMATS
from spacy_ner_archs.decoders.entity import Entity

WORDS = ["Hi", "!", "Ann", "Lee", "saw", "Ōita", "."]
SPACES = [False, True, True, True, True, False, False]


@pytest.fixture(scope="module")
def doc():
    starts = [True, False, True, False, False, False, False]
    return Doc(spacy.blank("en").vocab, words=WORDS, spaces=SPACES, sent_starts=starts)


def entities(doc):
    return [Entity(5, 6, "LOC", 0.25), Span(doc, 2, 4, label="PER")]


@pytest.mark.parametrize("part", ["doc", "sentence"])
def test_a_task_has_its_own_characters(doc, part):
    tokens = doc if part == "doc" else list(doc.sents)[1]
    task = task_of(tokens, entities(doc), {"source": "a.txt:1"})
    assert task.text == tokens.text
    assert [task.text[start:end] for start, end in task.tokens] == [t.text for t in tokens]
    marked = [(task.text[span.start : span.end], span.label, span.score) for span in task.spans]
    assert marked == [("Ann Lee", "PER", None), ("Ōita", "LOC", 0.25)]
    assert task.meta == {"source": "a.txt:1"}


def test_a_part_has_no_span_of_another(doc):
    with pytest.raises(ValueError, match="tokens 5 to 6 aren't in 0 to 2"):
        task_of(next(doc.sents), entities(doc))


def test_nothing_is_a_task(doc):
    assert task_of(Doc(doc.vocab), []) == Task("", ())


def test_prodigy(doc):
    task = task_of(doc, entities(doc), {"source": "a.txt:1"})
    (line,) = FORMATS["prodigy"]([task]).splitlines()
    written = json.loads(line)
    tokens = written["tokens"]
    assert [token["text"] for token in tokens] == WORDS
    assert [token["id"] for token in tokens] == list(range(7))
    assert [token["ws"] for token in tokens] == SPACES
    assert "".join(t["text"] + " " * t["ws"] for t in tokens) == written["text"]
    assert written["spans"] == [
        {"start": 4, "end": 11, "token_start": 2, "token_end": 3, "label": "PER"},
        {"start": 16, "end": 20, "token_start": 5, "token_end": 5, "label": "LOC", "score": 0.25},
    ]
    assert written["meta"] == {"source": "a.txt:1"}


def test_a_question_for_each_span(doc):
    asked = one_span_each(task_of(doc, entities(doc), {"source": "a"}))
    assert [[span.label for span in task.spans] for task in asked] == [["PER"], ["LOC"]]
    assert [task.meta for task in asked] == [{"source": "a"}, {"source": "a", "score": 0.25}]


def test_label_studio(doc):
    tasks = [task_of(doc, entities(doc), {"source": "a"}), task_of(doc, [])]
    marked, plain = json.loads(FORMATS["label-studio"](tasks))
    assert marked["data"] == {"source": "a", "text": doc.text}
    (prediction,) = marked["predictions"]
    assert prediction["score"] == 0.25
    assert [result["value"] for result in prediction["result"]] == [
        {"start": 4, "end": 11, "text": "Ann Lee", "labels": ["PER"]},
        {"start": 16, "end": 20, "text": "Ōita", "labels": ["LOC"]},
    ]
    names = {(r["from_name"], r["to_name"], r["type"]) for r in prediction["result"]}
    assert names == {("label", "text", "labels")}
    assert len({result["id"] for result in prediction["result"]}) == 2
    assert plain["predictions"] == [{"result": []}]


@pytest.mark.parametrize("format", FORMATS)
def test_no_tasks_are_a_file(format):
    assert FORMATS[format]([]).strip() in ("", "[\n\n]")
