"""Questions of several clients, answered together as each would be alone."""

import pytest

from spacy_ner_archs.inference.entities import n_best_rows
from spacy_ner_archs.inference.predictor import Settings, found_in
from spacy_ner_archs.serving.questions import Question, answer, check

QUESTIONS = {
    "one": Question(["We saw Ada ."]),
    "several": Question(["We saw Rome .", "", "The Nile ."]),
    "no texts": Question([]),
    "threshold": Question(["We saw Ada .", "saw Rome"], Settings(threshold=0.999)),
    "threshold of a label": Question(["We saw Ada .", "saw Rome"], Settings({"PER": 1.0})),
    "candidates": Question(["We saw Ada ."], Settings(min_score=0.001)),
    "n_best": Question(["We saw Ada .", "Rome"], n_best=3),
    "all": Question(["We saw Ada ."], Settings(0.1, 0.01), 2),
}


def alone(nlp, question):
    """What the pipeline itself gives."""
    tagger, results = nlp.get_pipe("ner"), []
    with question.settings.applied(nlp):
        for text in question.texts:
            doc = nlp(text)
            results.append(dict(found_in(doc)))
            if question.n_best is not None:
                (annotations,) = tagger.n_best([doc], question.n_best)
                results[-1]["n_best"] = n_best_rows(doc, annotations)
    return results


def close(value):
    """Probabilities depend a little on what is computed together."""
    if isinstance(value, dict):
        return {
            name: pytest.approx(each, abs=1e-5) if name == "probability" else close(each)
            for name, each in value.items()
        }
    return [close(each) for each in value] if isinstance(value, list) else value


def test_each_is_answered_as_if_it_were_alone(nlp):
    answers = answer(nlp, list(QUESTIONS.values()))
    for question, found in zip(QUESTIONS.values(), answers, strict=True):
        assert found.results == close(alone(nlp, question))
        assert found.words == sum(len(nlp.make_doc(text)) for text in question.texts)


def test_the_entities_are_those_that_it_has_learned(nlp):
    (found,) = answer(nlp, [QUESTIONS["one"]])
    (row,) = found.results[0]["entities"]
    assert (row["start"], row["end"], row["label"], row["text"]) == (7, 10, "PER", "Ada")
    assert 0.5 < row["probability"] <= 1


def test_the_pipeline_stays_what_it_was(nlp):
    tagger = nlp.get_pipe("ner")
    before = tagger.threshold, tagger.spans_key, tagger.min_score
    answer(nlp, list(QUESTIONS.values()))
    assert (tagger.threshold, tagger.spans_key, tagger.min_score) == before


def test_a_text_that_fails_costs_no_other(nlp):
    questions = [QUESTIONS["n_best"], Question(["it fails", "We saw Ada ."], n_best=3)]
    others, (failed, beside) = (each.results for each in answer(nlp, questions))
    assert failed == {"error": "ValueError: it fails, as it says"}
    assert beside == close(alone(nlp, QUESTIONS["n_best"])[0])
    assert others == close(alone(nlp, QUESTIONS["n_best"]))


def test_what_fails_as_a_whole_is_the_answer_of_those_with_its_settings(nlp):
    bad = Question(["We saw Ada ."], Settings({"XX": 0.5}), n_best=0)
    good, failed = answer(nlp, [QUESTIONS["one"], bad])
    assert good.results == close(alone(nlp, QUESTIONS["one"]))
    assert isinstance(failed, ValueError)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (Question([""], Settings({"XX": 0.5})), "XX, and the labels are LOC, PER"),
        (Question([""], Settings(1.5)), "threshold must be from 0 to 1"),
    ],
)
def test_settings_that_a_pipeline_refuses(nlp, question, reason):
    with pytest.raises(ValueError, match=reason):
        check(nlp, question)


@pytest.mark.parametrize(
    "question",
    [Question([""], Settings(0.5)), Question([""], Settings(None, 0.1)), QUESTIONS["n_best"]],
)
def test_probabilities_need_a_tagger(question):
    import spacy

    with pytest.raises(ValueError, match="must have one ner_tagger, and has 0"):
        check(spacy.blank("en"), question)
