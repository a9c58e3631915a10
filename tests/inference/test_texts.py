import pytest
import spacy
from spacy.language import Language
from tiny_pipeline import TEXTS, tiny_pipeline

from spacy_ner_archs.inference.entities import entity_rows
from spacy_ner_archs.inference.predictor import Predictor, Settings
from spacy_ner_archs.inference.texts import Words, annotate


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    tiny_pipeline().to_disk(folder)
    return folder


@pytest.fixture
def nlp(folder):
    return spacy.load(folder)


@Language.component("refuses_bad_words")
def refuses_bad_words(doc):
    if "bad" in doc.text:
        raise ValueError("a bad\nword")
    return doc


def test_entities_are_those_of_the_pipeline_alone(nlp):
    found = [entity_rows(each.doc) for each in annotate(nlp, TEXTS, None)]
    for text, rows in zip(TEXTS, found, strict=True):
        ents = nlp(text).ents
        assert [(r["start"], r["end"], r["label"], r["text"]) for r in rows] == [
            (e.start_char, e.end_char, e.label_, e.text) for e in ents
        ]
        assert [r["probability"] for r in rows] == pytest.approx(
            [e._.ner_score for e in ents], abs=1e-5
        )
    assert sum(map(len, found)) > 3


def test_tokens_that_are_given_are_kept(nlp):
    words = Words(["New York", "is", "n't", "."], [True, False, True, False])
    (annotated,) = annotate(nlp, [words], None)
    assert [token.text for token in annotated.doc] == words.words
    assert annotated.doc.text == "New York isn't ."


@pytest.mark.parametrize("batch_size", [1, 2, None])
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_text_that_fails_costs_no_other_its_entities(nlp, batch_size, where):
    nlp.add_pipe("refuses_bad_words", before="ner" if where == "before" else None)
    nlp.max_length = 50
    texts = ["bad", TEXTS[0], "x" * 51, "bad", TEXTS[1], TEXTS[2], "very bad"]
    found = list(annotate(nlp, texts, batch_size))
    assert [each.doc is None for each in found] == [1, 0, 1, 1, 0, 0, 1]
    assert found[0].error == "ValueError: a bad word"
    assert "[E088]" in found[2].error
    alone = [entity_rows(next(annotate(nlp, [text], None)).doc) for text in TEXTS[:3]]
    together = [entity_rows(each.doc) for each in found if each.doc is not None]
    assert [[row["text"] for row in rows] for rows in together] == [
        [row["text"] for row in rows] for rows in alone
    ]


def test_a_predictor_gives_columns_for_columns(folder):
    predictor = Predictor(str(folder), Settings(threshold=0.5, min_score=0.2), column="body")
    columns = predictor({"body": [TEXTS[0], ""], "id": [1, 2]})
    assert list(columns) == ["entities", "candidates", "error"]
    assert [row["text"] for row in columns["entities"][0]] == ["Ann", "Paris"]
    assert columns["entities"][1] == columns["candidates"][1] == []
    assert {row["text"] for row in columns["candidates"][0]} >= {"Ann", "Paris"}
    assert columns["error"] == [None, None]
    assert predictor({"body": [None]})["error"] == ["ValueError: no text, but None"]
    predictor.nlp.max_length = 3
    assert predictor({"body": [TEXTS[0]]}) == {
        "entities": [None],
        "candidates": [None],
        "error": [predictor({"body": [TEXTS[0]]})["error"][0]],
    }


def test_settings_change_a_pipeline(nlp):
    high = Settings(threshold={"PER": 1.0, "LOC": 0.5})
    high.apply(nlp)
    assert {ent.label_ for text in TEXTS for ent in nlp(text).ents} == {"LOC"}
    with pytest.raises(ValueError, match="min_score must be above 0"):
        Settings(min_score=0.0).apply(nlp)
