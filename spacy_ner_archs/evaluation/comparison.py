"""Two pipelines' predictions on one corpus."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.tokens import Span

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.confidence import Confidence, confidence_of
from spacy_ner_archs.evaluation.counts import aligned_entities, entity_counts, no_counts
from spacy_ner_archs.evaluation.matches import matches
from spacy_ner_archs.evaluation.predict import Predictions
from spacy_ner_archs.evaluation.scores import Interval, f1
from spacy_ner_archs.evaluation.shown_sentences import (
    Place,
    direction_of,
    entity_text,
    place_of,
    sentence_of,
    sentences_with,
)
from spacy_ner_archs.evaluation.significance import f1_difference

SIDES = ("first", "second")


@dataclass(frozen=True)
class ScoreDifference:
    """first, second: F1 of both. f1: their difference, first minus second. The others are those of
    `significance.Difference`."""

    first: float
    second: float
    f1: float
    interval: Interval | None
    p_bootstrap: float | None
    p_randomisation: float | None


@dataclass(frozen=True)
class RightAlone:
    """A gold entity, by its text and label, that one side finds and the other doesn't."""

    text: str
    gold: str
    right: str


@dataclass(frozen=True)
class DifferentSentence:
    """A sentence with such entities. doc: its number in the corpus, from 0."""

    doc: int
    text: str
    gold: tuple[Place, ...]
    first: tuple[Place, ...]
    second: tuple[Place, ...]
    errors: tuple[RightAlone, ...]


@dataclass(frozen=True)
class Comparison:
    """names: of the pipelines, as they were given. all: of all entities. labels: of those of each
    label. right_alone: how many gold entities of each label only the first or only the second gets
    right. confidence: of the first and of the second, None where a pipeline has no probabilities.
    """

    names: tuple[str, str]
    file: str
    direction: str
    all: ScoreDifference
    labels: dict[str, ScoreDifference]
    right_alone: dict[str, dict[str, int]]
    sentences: tuple[DifferentSentence, ...]
    confidence: dict[str, Confidence | None]

    @property
    def shown_names(self) -> tuple[str, str]:
        """Names of packages and folders; where both have the same one, with the folders that it is
        in, as far up as they differ."""
        parts = [Path(name).parts for name in self.names]
        for n in range(1, max(map(len, parts)) + 1):
            first, second = ("/".join(of_name[-n:]) for of_name in parts)
            if first != second:
                return first, second
        return self.names


def compare(first: Predictions, second: Predictions, *, resamples: int = 1000) -> Comparison:
    """Strict F1 of both, its difference (first minus second) with a 95 % interval and p-values, of
    all entities and of each label, and the entities that one alone gets right.

    first, second: for the same docs in the same order.
    """
    counts = [entity_counts(side.examples) for side in (first, second)]
    none = no_counts(first.examples)
    labels = sorted(counts[0].keys() | counts[1].keys())
    sentences = [
        sentence for i in range(len(first.examples)) for sentence in _sentences(i, first, second)
    ]
    return Comparison(
        names=(first.model, second.model),
        file=first.file,
        direction=direction_of(first.examples),
        all=_difference(*(sum(c.values(), none) for c in counts), resamples=resamples),
        labels={
            label: _difference(*(c.get(label, none) for c in counts), resamples=resamples)
            for label in labels
        },
        right_alone=_right_alone(sentences),
        sentences=tuple(sentences),
        confidence={"first": _confidence(first), "second": _confidence(second)},
    )


def _confidence(predictions: Predictions) -> Confidence | None:
    examples = predictions.examples
    found = [matches(example) for example in examples]
    return confidence_of(examples, found, predictions.probabilities)


def _difference(first: np.ndarray, second: np.ndarray, *, resamples: int) -> ScoreDifference:
    difference = f1_difference(first, second, resamples=resamples)
    scores = [float(f1(counts.sum(axis=0))) for counts in (first, second)]
    return ScoreDifference(scores[0], scores[1], *difference)


def _right_alone(sentences: list[DifferentSentence]) -> dict[str, dict[str, int]]:
    counts = Counter((each.right, each.gold) for sentence in sentences for each in sentence.errors)
    labels = sorted({label for _, label in counts})
    return {side: {label: counts[side, label] for label in labels} for side in SIDES}


def _sentences(i: int, first: Predictions, second: Predictions) -> Iterator[DifferentSentence]:
    """Those of an example with gold entities that one finds and the other doesn't."""
    (found_first, gold), (found_second, _) = (
        map(set, aligned_entities(side.examples[i])) for side in (first, second)
    )
    right: dict[Entity, str] = {
        **dict.fromkeys(gold & found_first - found_second, "first"),
        **dict.fromkeys(gold & found_second - found_first, "second"),
    }
    doc = first.examples[i].reference
    sides = {"gold": [*gold], "first": [*found_first], "second": [*found_second]}
    for sentence, here in sentences_with(doc, right, sides):
        errors = tuple(
            RightAlone(entity_text(doc, entity), entity.label, side)
            for entity, side in sorted(right.items())
            if sentence_of(doc, entity).start == sentence.start
        )
        yield DifferentSentence(
            doc=i,
            text=sentence.text,
            gold=tuple(place_of(sentence, entity) for entity in here["gold"]),
            first=_places(sentence, here["first"], gold, first.known(i)),
            second=_places(sentence, here["second"], gold, second.known(i)),
            errors=errors,
        )


def _places(
    sentence: Span, entities: list[Entity], gold: set[Entity], known: Mapping[Entity, float]
) -> tuple[Place, ...]:
    return tuple(place_of(sentence, e, e not in gold, known.get(e)) for e in entities)
