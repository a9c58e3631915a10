import json

import pytest
from tool_answers import MAKE_DOC, docs_of, incorrect, jsonl, prodigy, region, studio, tags

from spacy_ner_archs.annotators.convert import answer_docs, tokenizer
from spacy_ner_archs.annotators.docs import DocMaker
from spacy_ner_archs.annotators.reading.files import read_answers
from spacy_ner_archs.annotators.task import task_of
from spacy_ner_archs.annotators.writing.formats import FORMATS
from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.decoders.entity import Entity

ANN = "Ann saw Rome."
PER, LOC = (0, 3, "PER"), (8, 12, "LOC")
BOTH = ["B-PER", "O", "B-LOC", "O"]

#: Of one annotation, whatever the tool.
COMPLETE = {
    "prodigy, drawn": jsonl(prodigy(ANN, PER, LOC, _view_id="ner_manual")),
    "prodigy, unknown interface": jsonl(prodigy(ANN, PER, LOC)),
    "prodigy, an interface of others": jsonl(prodigy(ANN, PER, LOC, _view_id="blocks")),
    "doccano": jsonl({"id": 1, "text": ANN, "label": [PER, LOC], "Comments": []}),
    "doccano, older": jsonl({"text": ANN, "labels": [PER, LOC]}),
    "doccano, with relations": jsonl(
        {
            "text": ANN,
            "entities": [
                {"id": 5, "start_offset": 0, "end_offset": 3, "label": "PER"},
                {"id": 6, "start_offset": 8, "end_offset": 12, "label": "LOC"},
            ],
            "relations": [{"from_id": 5, "to_id": 6, "type": "saw"}],
        }
    ),
    "label studio": json.dumps([studio(ANN, [PER, LOC])], indent=1),
    "label studio, one a line": jsonl(studio(ANN, [PER, LOC])),
    "label studio, other names": json.dumps(
        [
            {
                "data": {"body": ANN, "id": 3},
                "annotations": [
                    {"result": [region(ANN, *PER), region(ANN, *LOC), {"type": "relation"}]}
                ],
            }
        ]
    ),
    "a byte order mark": "\ufeff" + jsonl(prodigy(ANN, PER, LOC)),
    "the same twice": jsonl(*[prodigy(ANN, PER, LOC, _view_id="ner_manual")] * 2),
    "two annotators that agree": json.dumps([studio(ANN, [PER, LOC], [LOC, PER])]),
}


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_annotation(tmp_path, name):
    found = docs_of(tmp_path, COMPLETE[name])
    (doc,) = found.docs
    assert tags(doc) == BOTH
    assert (doc.text, doc.has_unknown_spaces, incorrect(doc)) == (ANN, False, [])
    assert not doc.has_annotation("SENT_START")
    assert not found.left_out


@pytest.mark.parametrize("name", COMPLETE)
def test_what_is_not_annotated_can_be_unknown(tmp_path, name):
    (doc,) = docs_of(tmp_path, COMPLETE[name], is_complete=False).docs
    assert tags(doc) == ["B-PER", "-", "B-LOC", "-"]


#: Answers to a text: what is known of its tokens, and which spans are wrong.
QUESTIONS = {
    "accepted": ([prodigy(ANN, PER, _view_id="ner")], ["B-PER", "-", "-", "-"], []),
    "accepted, by another field": (
        [prodigy(ANN, PER, _is_binary=True)],
        ["B-PER", "-", "-", "-"],
        [],
    ),
    "rejected": ([prodigy(ANN, LOC, answer="reject")], ["-"] * 4, [("Rome", "LOC")]),
    "several": (
        [
            prodigy(ANN, PER, _view_id="ner"),
            prodigy(ANN, (4, 7, "LOC"), answer="reject", _view_id="ner"),
            prodigy(ANN, LOC, _view_id="ner"),
            prodigy(ANN, LOC, _view_id="ner"),
            prodigy(ANN, (8, 12, "PER"), answer="ignore", _view_id="ner"),
        ],
        ["B-PER", "-", "B-LOC", "-"],
        [("saw", "LOC")],
    ),
    "several, unknown interface": (
        [prodigy(ANN, PER), prodigy(ANN, LOC, _view_id="blocks")],
        ["B-PER", "-", "B-LOC", "-"],
        [],
    ),
    "beside a whole": (
        [
            prodigy(ANN, (0, 3, "ORG"), answer="reject"),
            prodigy(ANN, PER, LOC, _view_id="ner_manual"),
            prodigy(ANN, LOC, _view_id="ner"),
        ],
        BOTH,
        [("Ann", "ORG")],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_to_questions(tmp_path, name):
    tasks, expected, wrong = QUESTIONS[name]
    (doc,) = docs_of(tmp_path, jsonl(*tasks)).docs
    assert (tags(doc), incorrect(doc)) == (expected, wrong)


def test_questions_can_be_taken_for_the_whole(tmp_path):
    (doc,) = docs_of(tmp_path, jsonl(prodigy(ANN, PER, _view_id="ner")), is_complete=True).docs
    assert tags(doc) == ["B-PER", "O", "O", "O"]


def test_the_key_of_wrong_spans(tmp_path):
    content = jsonl(prodigy(ANN, LOC, answer="reject"))
    (doc,) = docs_of(tmp_path, content, incorrect_key="no").docs
    assert incorrect(doc, "no") == [("Rome", "LOC")]
    assert incorrect(doc) == []


LEFT_OUT = {
    "ignored": prodigy("b", answer="ignore"),
    "rejected as a whole": prodigy("b", (0, 1, "X"), answer="reject", _view_id="ner_manual"),
    "without text": prodigy(" "),
}


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_what_tells_nothing_is_counted(tmp_path, reason):
    found = docs_of(tmp_path, jsonl(prodigy(ANN, PER), LEFT_OUT[reason]))
    assert [doc.text for doc in found.docs] == [ANN]
    assert found.left_out == {reason: 1}
    with pytest.raises(CorpusError, match=rf"in.jsonl: no answer in it tells .* \(1 {reason}\)"):
        docs_of(tmp_path, jsonl(LEFT_OUT[reason]))


def test_tasks_of_label_studio_that_nobody_has_annotated_are_counted(tmp_path):
    skipped = studio("b", [])
    skipped["annotations"][0]["was_cancelled"] = True
    found = docs_of(tmp_path, json.dumps([studio(ANN, [PER]), skipped, studio("c")]))
    assert [tags(doc) for doc in found.docs] == [["B-PER", "O", "O", "O"]]
    assert found.left_out == {"skipped": 1, "not annotated": 1}


def test_the_tools_own_tokens(tmp_path):
    tokens = [{"text": text, "id": i} for i, text in enumerate(["Ann", "sa", "w", "Rome."])]
    content = jsonl(prodigy("Ann  saw Rome.", (5, 7, "X"), tokens=tokens))
    (doc,) = docs_of(tmp_path, content).docs
    assert [token.text for token in doc] == ["Ann", " ", "sa", "w", "Rome."]
    assert (doc.text, tags(doc)) == ("Ann  saw Rome.", ["O", "O", "B-X", "O", "O"])


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_our_own_tasks_come_back(tmp_path, answer):
    doc = MAKE_DOC("Ann saw\n\nRome  twice.")
    task = task_of(doc, [Entity(3, 4, "LOC", 0.5)])
    answered = {**json.loads(FORMATS["prodigy"]([task])), "answer": answer, "_view_id": "ner"}
    (back,) = docs_of(tmp_path, jsonl(answered)).docs
    assert (back.text, [t.text for t in back]) == (doc.text, [t.text for t in doc])
    found = [(ent.text, ent.label_) for ent in back.ents] or incorrect(back)
    assert found == [("Rome", "LOC")]


def studio_of_two_texts():
    task = studio(ANN, [PER, LOC])
    task["annotations"][0]["result"][0]["to_name"] = ["text"]
    return task


def test_a_text_of_any_length_is_read(tmp_path):
    text = "Ann saw Rome. " * 100_000
    (tmp_path / "in.jsonl").write_text(jsonl(prodigy(text, PER)))
    maker = DocMaker(tokenizer("en"))
    (doc,) = answer_docs(read_answers(tmp_path / "in.jsonl"), maker).docs
    assert (len(doc.text), len(doc.ents)) == (len(text), 1)


#: Contents, and what is told: the place, and a part of the reason.
REFUSED = {
    "an end too far": (jsonl(prodigy(ANN, (8, 99, "LOC"))), ":1: characters 8 to 99 (LOC) aren't"),
    "no offset": (jsonl(prodigy(ANN, (8, None, "LOC"))), ":1: a span needs characters"),
    "no label": (jsonl(prodigy(ANN, (8, 12, ""))), ":1: a span needs characters and a label"),
    "no text": (jsonl({"spans": []}), ":1: 'text' is None"),
    "not answered": (jsonl(prodigy(ANN, PER, answer=None)), ":1: nobody has answered this task"),
    "not JSON": (jsonl(prodigy(ANN)) + "{'a'}\n", ":2: not JSON: Expecting property name"),
    "no object": ("3\n", ":1: 3 is no task"),
    "nested too deep": (jsonl(prodigy(ANN)) + "[" * 100_000, ":2: not a task: maximum recursion"),
    "a number too long": (jsonl(prodigy(ANN)) + "9" * 5_000, ":2: not a task: Exceeds the limit"),
    "half a character": (jsonl(prodigy("Ann \ud83d")), ":1: 'Ann \\ud83d' has half a character"),
    "half a character in a label": (
        jsonl(prodigy(ANN, (0, 3, "\ud83d"))),
        ":1: '\\ud83d' has half",
    ),
    "the label O": (jsonl(prodigy(ANN, (0, 3, "O"))), ":1: 'O' can't be an entity's label"),
    "a blank label": (jsonl(prodigy(ANN, (0, 3, " "))), ":1: ' ' can't be an entity's label"),
    "no task": ('{"a": 1, "b": 2}\n', ":1: no task of prodigy, doccano, label-studio: it has a, b"),
    "no tasks": ("\n", ": no tasks in it"),
    "a list without tasks": ("[]", ": no tasks in it"),
    "inside a token": (
        jsonl(prodigy(ANN, PER), prodigy("Anna left", PER)),
        ":2: 'Ann' (0 to 3, PER) doesn't begin and end with a token: 'Anna' would. Correct it, or "
        "add --repair",
    ),
    "a space at the end": (jsonl(prodigy(ANN, (0, 4, "PER"))), ":1: 'Ann ' (0 to 4, PER) doesn't"),
    "white space": (jsonl(prodigy(ANN, (3, 4, "PER"))), ": it is white space; remove it"),
    "a rejected one inside a token": (
        jsonl(prodigy(ANN, (0, 2, "PER"), answer="reject")),
        ":1: 'An' (0 to 2, PER) doesn't",
    ),
    "overlap": (
        jsonl({"text": ANN, "label": [[0, 7, "X"], [4, 12, "Y"]]}),
        ":1: 'Ann saw' (0 to 7, X) and 'saw Rome' (4 to 12, Y) overlap",
    ),
    "two labels": (
        jsonl(prodigy(ANN, PER, _view_id="ner"), prodigy(ANN, (0, 3, "ORG"), _view_id="ner")),
        ":2: 'Ann' (0 to 3, ORG) and 'Ann' (0 to 3, PER) overlap",
    ),
    "another annotation of the text": (
        jsonl(prodigy(ANN, PER, LOC), prodigy("x"), prodigy(ANN, PER, LOC, (4, 7, "X"))),
        f":3: {ANN!r} is annotated in another way than in line 1; keep one of the two",
    ),
    "accepted and rejected": (
        jsonl(prodigy(ANN, PER, answer="reject"), prodigy(ANN, PER)),
        ":1: 'Ann' (0 to 3, PER) is rejected here and an entity in line 2",
    ),
    "accepted and not in the whole": (
        jsonl(prodigy(ANN, PER, _view_id="ner_manual"), prodigy(ANN, LOC, _view_id="ner")),
        ":2: 'Rome' (8 to 12, LOC) is no entity in line 1",
    ),
    "tokens of another text": (
        jsonl(prodigy(ANN, PER, tokens=[{"text": "Ben"}])),
        f":1: its tokens aren't those of {ANN!r}",
    ),
    "classes": (jsonl({"text": ANN, "label": ["good"]}), ":1: 'good' is no [start, end, label]"),
    "spans are no list": (
        jsonl({"text": ANN, "spans": 3, "answer": "accept"}),
        ":1: 'spans' is 3, and no list",
    ),
    "two annotators that don't agree": (
        json.dumps([studio(ANN, [PER], [LOC])]),
        f": task 1: {ANN!r} is annotated in another way than in task 1",
    ),
    "several labels of a span": (
        json.dumps([studio("x", []), studio(ANN, [(0, 3, "PER", "ORG")])]),
        ": task 2: a span has 2 labels",
    ),
    "a span without a value": (
        json.dumps([{**studio(ANN), "annotations": [{"result": [{"type": "labels"}]}]}]),
        ": task 1: 'value' is None, and no object",
    ),
    "spans of several texts": (
        json.dumps([studio_of_two_texts()]),
        ": task 1: its spans are of several texts",
    ),
    "several texts": (
        json.dumps([{"data": {"a": "x", "b": "y"}, "annotations": []}]),
        ": task 1: which field of 'data' has the text (a, b)?",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path, name):
    content, told = REFUSED[name]
    with pytest.raises(CorpusError) as error:
        docs_of(tmp_path, content)
    assert str(error.value).startswith(f"{tmp_path / 'in.jsonl'}:")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_offsets_of_a_text_with_emoji_that_count_as_two_are_refused(tmp_path):
    task = studio("😀 Ann", [])
    task["annotations"][0]["result"] = [
        {"type": "labels", "value": {"start": 1, "end": 3, "text": "Ann", "labels": ["PER"]}}
    ]
    with pytest.raises(CorpusError, match="is 'Ann' in the export, so the offsets are of another"):
        docs_of(tmp_path, json.dumps([task]))


def test_a_file_of_another_encoding_is_refused(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "a"}\n{"text": "\xe9"}\n')
    with pytest.raises(CorpusError, match=r"in\.jsonl:2: byte 0xe9 is not UTF-8"):
        read_answers(tmp_path / "in.jsonl")


def test_a_format_that_was_named_wrongly(tmp_path):
    with pytest.raises(CorpusError, match=r"in\.jsonl:1: no 'data' in it; is it label-s"):
        docs_of(tmp_path, COMPLETE["doccano"], "label-studio")


#: Spans, and the tags, the wrong spans and the counts with repair.
REPAIRED = {
    "inside a token": (
        [prodigy("Anna left", (0, 3, "PER"))],
        ["B-PER", "O"],
        [],
        {"expanded": 1},
    ),
    "with white space": (
        [prodigy("Ann\nleft", (0, 4, "PER"))],
        ["B-PER", "O", "O"],
        [],
        {"expanded": 1},
    ),
    "a wrong one says nothing": (
        [prodigy("Anna left", (0, 3, "PER"), answer="reject")],
        ["-", "-"],
        [],
        {"left out": 1},
    ),
}


@pytest.mark.parametrize("name", REPAIRED)
def test_repair(tmp_path, name):
    tasks, expected, wrong, counts = REPAIRED[name]
    found = docs_of(tmp_path, jsonl(*tasks), repair=True)
    assert (tags(found.docs[0]), incorrect(found.docs[0])) == (expected, wrong)
    assert found.repaired == counts


def test_repair_makes_no_overlap(tmp_path):
    content = jsonl(prodigy("Annabel left", (0, 3, "A"), (3, 7, "B")))
    with pytest.raises(CorpusError, match=r":1: .* overlap when they are expanded"):
        docs_of(tmp_path, content, repair=True)
