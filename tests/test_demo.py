"""What scripts/demo.py shows of a corpus and a pipeline."""

import runpy
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Span
from spacy.training import Example

DEMO = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "demo.py"))
NLP = spacy.blank("en")


def doc_of(text: str, entities: list[tuple[int, int, str]]):
    doc = NLP(text)
    doc.ents = [Span(doc, start, end, label) for start, end, label in entities]
    return doc


def example_of(text: str, gold: list, predicted: list = ()) -> Example:
    return Example(doc_of(text, list(predicted)), doc_of(text, gold))


PLAIN = example_of("Nothing at all happened here on that day", [])
RICH = example_of("Ada met Bell Ltd in Bath on that day", [(0, 1, "PER"), (2, 4, "ORG")])
SAME = example_of("Ada and Eve met at home on that day", [(0, 1, "PER"), (2, 3, "PER")])
CAPITALS = example_of("ADA MET BELL LTD IN BATH ON MONDAY", [(0, 1, "PER"), (2, 4, "ORG")])
SHORT = example_of("Ada met Bell", [(0, 1, "PER"), (2, 3, "ORG")])


@pytest.mark.parametrize(
    ("part", "chosen"),
    [
        ([PLAIN, SAME, RICH], RICH),
        ([PLAIN, SAME], SAME),
        ([CAPITALS, SAME], SAME),
        ([SHORT, PLAIN], PLAIN),
        ([RICH, RICH], RICH),
    ],
)
def test_a_readable_sentence_with_the_most_labels_is_chosen(part, chosen):
    assert DEMO["choose"](part * 5)[0] in part
    assert max(part, key=DEMO["interest"]) is chosen


@pytest.mark.parametrize(("number", "chosen"), [(0, 0), (1, 1), (5, 5), (6, 5), (50, 5)])
def test_sentences_are_chosen_from_all_parts_of_the_corpus(number, chosen):
    examples = [example_of(f"Sentence {i}", []) for i in range(number)]
    found = DEMO["choose"](examples)
    assert len(found) == chosen
    assert [examples.index(example) for example in found] == sorted(map(examples.index, found))


def test_entities_that_differ_are_marked():
    gold = [(0, 1, "PER"), (2, 4, "ORG"), (5, 6, "LOC")]
    example = example_of("Ada met Bell Ltd in Bath", gold, [(0, 1, "PER"), (2, 4, "LOC")])
    assert DEMO["comparison"](example) == [
        "entity    gold  predicted",
        "Ada       PER   PER",
        "Bell Ltd  ORG   LOC       <-- differs",
        "Bath      LOC   -         <-- differs",
    ]


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        (
            {"performance": {"ents_f": 0.912}, "sources": [{"name": "A corpus"}]},
            "Strict F1 on the test part: 91.2. Text: A corpus.",
        ),
        ({}, "Strict F1 on the test part: not measured. Text: not told."),
    ],
)
def test_the_score_stands_beside_the_name_of_its_text(meta, told):
    nlp = spacy.blank("en", meta={"description": "What it is.", **meta})
    assert DEMO["about"](nlp).splitlines() == [told, "What it is."]
