"""Each wrong entity in its sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from spacy.tokens import Doc

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.matches import ERROR_KINDS, Match
from spacy_ner_archs.evaluation.mentions import Mentions, mentions_of
from spacy_ner_archs.evaluation.mistakes import Mistake, WrongText, mistakes_of, wrong_texts
from spacy_ner_archs.evaluation.predict import Predictions
from spacy_ner_archs.evaluation.shown_sentences import (
    Place,
    entity_text,
    place_of,
    sentence_of,
    sentences_with,
)
from spacy_ner_archs.evaluation.verdict import Evidence, Verdict, verdict_of


@dataclass(frozen=True)
class WrongEntity:
    """kind: of `ERROR_KINDS`. gold, predicted: labels, O for none. text: the gold entity's, or the
    predicted one's. p_gold, p_predicted: see `Evidence`."""

    kind: str
    gold: str
    predicted: str
    text: str
    p_gold: float | None = None
    p_predicted: float | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class WrongSentence:
    """A sentence with wrong entities. doc: its number in the corpus, from 0. tokens: first
    character and end of each."""

    doc: int
    text: str
    gold: tuple[Place, ...]
    predicted: tuple[Place, ...]
    errors: tuple[WrongEntity, ...]
    tokens: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class WrongEntities:
    """kinds: counts by gold label; by the predicted one, where nothing is gold. texts, mistakes:
    the most frequent first."""

    kinds: dict[str, dict[str, int]]
    texts: tuple[WrongText, ...]
    sentences: tuple[WrongSentence, ...]
    mistakes: tuple[Mistake, ...] = ()

    @property
    def total(self) -> int:
        """How many entities are wrong."""
        return sum(sum(by_label.values()) for by_label in self.kinds.values())


class Judged(NamedTuple):
    """What is wrong with a match, and the match."""

    error: WrongEntity
    match: Match

    @property
    def place(self) -> Entity:
        """Its first token."""
        return Entity(self.match.start, self.match.start + 1, "")


def wrong_entities(
    predictions: Predictions, found: list[list[Match]], train: Sequence[Doc] | None = None
) -> WrongEntities:
    """How many entities are wrong in which way, which texts most often, and their sentences.

    found: the matches of each example. train: the docs of the training data, for the verdicts."""
    docs = [example.reference for example in predictions.examples]
    mentions = None if train is None else mentions_of(_wrong_texts(docs, found), train)
    sentences = [
        sentence
        for i, doc in enumerate(docs)
        for sentence in _sentences(i, doc, found[i], predictions.known(i), mentions)
    ]
    wrong = [error for sentence in sentences for error in sentence.errors]
    kinds = Counter((e.kind, e.predicted if e.kind == "spurious" else e.gold) for e in wrong)
    texts = wrong_texts((error.text, error.kind, error.gold, error.predicted) for error in wrong)
    labels = sorted({label for _, label in kinds})
    return WrongEntities(
        {
            kind: {label: kinds[kind, label] for label in labels if kinds[kind, label]}
            for kind in ERROR_KINDS
        },
        texts,
        tuple(sentences),
        mistakes_of(texts),
    )


def _wrong_texts(docs: Sequence[Doc], found: list[list[Match]]) -> set[str]:
    return {
        entity_text(doc, entity)
        for doc, of_doc in zip(docs, found, strict=True)
        for match in of_doc
        if match.kind != "correct"
        for entity in match
        if entity
    }


def _sentences(
    i: int,
    doc: Doc,
    found: list[Match],
    known: Mapping[Entity, float],
    mentions: Mapping[str, Mentions] | None,
) -> Iterator[WrongSentence]:
    """The sentences in which something is wrong."""
    wrong = [_judged(doc, m, known, mentions) for m in found if m.kind != "correct"]
    of_sentence: dict[int, list[Judged]] = {}
    for judged in wrong:
        of_sentence.setdefault(sentence_of(doc, judged.place).start, []).append(judged)
    sides = {
        "gold": [match.gold for match in found if match.gold],
        "predicted": [match.predicted for match in found if match.predicted],
    }
    for sentence, here in sentences_with(doc, [judged.place for judged in wrong], sides):
        errors = of_sentence[sentence.start]
        numbers = {
            side: {getattr(match, side): i for i, (_, match) in enumerate(errors)} for side in sides
        }
        gold, predicted = (
            tuple(
                place_of(sentence, e, e in numbers[side], known.get(e), numbers[side].get(e))
                for e in here[side]
            )
            for side in sides
        )
        offset = sentence.start_char
        tokens = tuple((t.idx - offset, t.idx - offset + len(t)) for t in sentence)
        told = tuple(error for error, _ in errors)
        yield WrongSentence(i, sentence.text, gold, predicted, told, tokens)


def _judged(
    doc: Doc, match: Match, known: Mapping[Entity, float], mentions: Mapping[str, Mentions] | None
) -> Judged:
    """known: probabilities of the doc's entities."""
    of_gold, of_predicted = match.labels
    text, other = (entity_text(doc, either) for either in match.either)
    p_gold, p_predicted = _probabilities(match, known)
    evidence = Evidence(p_predicted, p_gold, match.predicted is None)
    if mentions is not None:
        seen = mentions.get(text, Mentions())
        evidence = replace(
            evidence,
            as_predicted=mentions.get(other, Mentions())[of_predicted],
            as_gold=seen[of_gold],
            otherwise=seen.total() - seen[of_gold],
        )
    verdict = verdict_of(evidence)
    error = WrongEntity(match.kind, of_gold, of_predicted, text, p_gold, p_predicted, verdict)
    return Judged(error, match)


def _probabilities(
    match: Match, known: Mapping[Entity, float]
) -> tuple[float | None, float | None]:
    """Of the gold and of the predicted side; of no entity, that the other isn't there."""
    gold, predicted = match
    if predicted is None or gold is None:
        p = known.get(match.either[0])
        without = None if p is None else 1 - p
        return (p, without) if gold else (without, p)
    if predicted not in known:
        return None, None
    # a gold entity that doesn't fit the pipeline's tokens has no probability: it can't be predicted
    return known.get(gold, 0.0), known[predicted]
