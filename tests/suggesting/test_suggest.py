import math

import numpy as np
import pytest
import spacy
from tiny_pipeline import tiny_pipeline

from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.texts import Words
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.suggesting import suggest
from spacy_ner_archs.suggesting.question import ask_for_spans, ask_for_texts
from spacy_ner_archs.suggesting.suggest import Suggester
from spacy_ner_archs.suggesting.uncertainty import answer_entropy, uncertainties_of

#: Of words that the pipeline knows, and of others.
TEXTS = [
    "Ann lives in Paris .",
    "Zed saw Quux and Xyzzy near Plugh",
    "Zed",
    "Ann and Rome",
    "",
    "nobody saw Xyzzy",
    "Zed saw Quux and Xyzzy near Plugh",
]
ASK = {"texts": ask_for_texts(0.5), "spans": ask_for_spans}


@pytest.fixture(scope="module")
def nlp():
    return tiny_pipeline()


def records(texts=TEXTS):
    return [Record(f"in.txt:{i}", text, {"text": text}) for i, text in enumerate(texts, start=1)]


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_the_value_of_a_text_is_its_entropy_by_its_length(nlp, exponent):
    tagger, docs = find_tagger(nlp), [nlp.make_doc(text) for text in TEXTS]
    values = [unsure.value(exponent) for unsure in uncertainties_of(tagger, docs)]
    lengths = np.array([max(len(doc), 1) for doc in docs])
    assert values == pytest.approx(tagger.entropy(docs) / lengths**exponent, abs=1e-4)


def test_words_in_doubt_are_those_whose_label_is_unsure(nlp):
    doc = nlp.make_doc(TEXTS[1])
    ((probabilities,), (unsure,)) = (
        find_tagger(nlp).token_probabilities([doc]),
        uncertainties_of(find_tagger(nlp), [doc]),
    )
    expected = {
        token.lower_: -sum(p * math.log(p) for p in row if p > 0)
        for token, row in zip(doc, probabilities, strict=True)
    }
    found = {word: entropy for word, entropy in expected.items() if entropy >= 0.05}
    assert found
    assert unsure.words == pytest.approx(found, abs=1e-3)


@pytest.mark.parametrize(("p", "entropy"), [(0, 0), (1, 0), (0.5, 0.6931), (0.9, 0.3251)])
def test_what_an_answer_tells(p, entropy):
    assert answer_entropy(p) == pytest.approx(entropy, abs=1e-4)


@pytest.mark.parametrize("way", ASK)
def test_the_best_come_first_and_once(nlp, way):
    tasks = Suggester(nlp, ASK[way], 50)(records())
    scores = [task.meta["score"] for task in tasks]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    questions = [(task.text, task.spans) for task in tasks]
    assert len(set(questions)) == len(questions)
    # the second of two that are the same is left out
    assert all(TEXTS[int(task.meta["source"].split(":")[1]) - 1] == task.text for task in tasks)
    assert "in.txt:7" not in {task.meta["source"] for task in tasks}


def test_a_text_has_the_entities_that_are_found(nlp):
    for task in Suggester(nlp, ASK["texts"], 50)(records()):
        found = [(ent.start_char, ent.end_char, ent.label_) for ent in nlp(task.text).ents]
        assert [span[:3] for span in task.spans] == found
        assert all(0 < span.score <= 1 for span in task.spans)


def test_a_span_is_asked_for_by_itself(nlp):
    tasks = Suggester(nlp, ASK["spans"], 50)(records())
    assert {len(task.spans) for task in tasks} == {1}
    assert all(0.05 <= task.spans[0].score <= 0.95 for task in tasks)
    first = tasks[0]
    assert first.meta["score"] == answer_entropy(first.spans[0].score)


@pytest.mark.parametrize("way", ASK)
@pytest.mark.parametrize("piece", [1, 3])
def test_it_does_not_matter_what_is_computed_together(nlp, way, piece, monkeypatch):
    expected = Suggester(nlp, ASK[way], 4)(records())
    monkeypatch.setattr(suggest, "PIECE", piece)
    found = Suggester(nlp, ASK[way], 4)(records())
    assert [(task.text, task.meta) for task in found] == [(t.text, t.meta) for t in expected]


def test_texts_that_are_excluded_or_fail(nlp):
    bad = Record("in.txt:8", None, {}, "not JSON")
    suggester = Suggester(nlp, ASK["texts"], 50, exclude=frozenset({"Zed"}))
    tasks = suggester([*records(), bad])
    assert "Zed" not in {task.text for task in tasks}
    assert (suggester.n_texts, suggester.n_excluded) == (8, 1)
    assert suggester.failed == [("in.txt:8", "not JSON")]


def test_given_tokens_are_kept(nlp):
    words = Words(["Zed-saw", "Quux"], [True, False])
    (task,) = Suggester(nlp, ASK["texts"], 1)(records([words]))
    assert (task.text, task.tokens) == ("Zed-saw Quux", ((0, 7), (8, 12)))
    assert str(words) == task.text


def test_the_pipeline_is_as_before(nlp):
    names = nlp.pipe_names
    Suggester(nlp, ASK["texts"], 1)(records())
    assert nlp.pipe_names == names


def test_a_pipeline_without_a_tagger_is_refused():
    with pytest.raises(ValueError, match="must have one ner_tagger"):
        Suggester(spacy.blank("en"), ASK["texts"], 1)
