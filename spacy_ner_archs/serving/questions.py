"""Questions of several clients, computed together."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from spacy.language import Language

from spacy_ner_archs.inference.entities import n_best_rows
from spacy_ner_archs.inference.predictor import Settings, found_in
from spacy_ner_archs.inference.texts import Annotated, annotate
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.memory import memory_zone


class Question(NamedTuple):
    """What one request asks.

    n_best: how many annotations of each text; None for none of these lists.
    """

    texts: Sequence[str]
    settings: Settings = Settings()
    n_best: int | None = None

    @property
    def n_chars(self) -> int:
        return sum(map(len, self.texts))


class Answer(NamedTuple):
    """results: of each text, its rows by name, or an `error`. words: of all texts, as the pipeline
    has cut them."""

    results: list[dict[str, Any]]
    words: int


def check(nlp: Language, question: Question) -> None:
    """Raises ValueError, in one line, where a pipeline can't answer."""
    if question.n_best is not None:
        find_tagger(nlp)
    question.settings.check(nlp)


def answer(nlp: Language, questions: Sequence[Question]) -> list[Answer | Exception]:
    """Answers in the questions' order. Those with the same settings are computed together; what
    goes wrong with these as a whole is the answer of each of them."""
    answers: dict[int, Answer | Exception] = {}
    with memory_zone(nlp):
        for places in _alike(questions):
            group = [questions[i] for i in places]
            answers.update(zip(places, _answer_alike(nlp, group), strict=True))
    return [answers[i] for i in range(len(questions))]


def _alike(questions: Sequence[Question]) -> Iterable[list[int]]:
    groups: dict[str, list[int]] = {}
    for i, question in enumerate(questions):
        groups.setdefault(repr(question[1:]), []).append(i)
    return groups.values()


def _answer_alike(nlp: Language, questions: list[Question]) -> Sequence[Answer | Exception]:
    texts = [text for question in questions for text in question.texts]
    first = questions[0]
    try:
        with first.settings.applied(nlp):
            found = list(annotate(nlp, texts, None))
        results = _results(nlp, found, first.n_best)
    except Exception as error:
        return [error] * len(questions)
    rest = iter(zip(results, found, strict=True))
    return [_answer([next(rest) for _ in question.texts]) for question in questions]


def _answer(of_texts: list[tuple[dict[str, Any], Annotated]]) -> Answer:
    words = sum(len(each.doc) for _, each in of_texts if each.doc is not None)
    return Answer([result for result, _ in of_texts], words)


def _results(nlp: Language, found: list[Annotated], n_best: int | None) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = [
        {"error": each.error} if each.doc is None else dict(found_in(each.doc)) for each in found
    ]
    if n_best is not None:
        docs = {i: each.doc for i, each in enumerate(found) if each.doc is not None}
        of_docs = find_tagger(nlp).n_best(docs.values(), n_best)
        for (i, doc), annotations in zip(docs.items(), of_docs, strict=True):
            results[i]["n_best"] = n_best_rows(doc, annotations)
    return results
