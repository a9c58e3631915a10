"""Predicted entities paired with gold ones, and what is wrong with each pair."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from nervaluate.entities import Entity as NervaluateEntity
from nervaluate.strategies import StrictEvaluation
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.counts import aligned_entities

Kind = Literal["correct", "boundary", "type", "both", "missed", "spurious"]

#: What a wrong entity can be, and what that means.
ERROR_KINDS = {
    "boundary": "wrong boundaries",
    "type": "wrong label",
    "both": "wrong label and boundaries",
    "missed": "not predicted",
    "spurious": "not in the corpus",
}


class Match(NamedTuple):
    """A gold entity and the predicted one that it is compared with; one of them can be None."""

    gold: Entity | None
    predicted: Entity | None

    @property
    def kind(self) -> Kind:
        if self.predicted is None:
            return "missed"
        if self.gold is None:
            return "spurious"
        if self.gold == self.predicted:
            return "correct"
        if self.gold.label == self.predicted.label:
            return "boundary"
        return "type" if self.gold[:2] == self.predicted[:2] else "both"

    @property
    def start(self) -> int:
        """The first token of either."""
        return min(entity.start for entity in self if entity)


def matches(example: Example) -> list[Match]:
    """Each gold and each predicted entity once, in the order of the text. Those that overlap are
    paired as in MUC-5 (Chinchor & Sundheim 1993), by nervaluate."""
    found, expected = aligned_entities(example)
    correct = found & expected
    # with coarser tokens than the pipeline's, a right entity and a wrong one can be at one place
    predicted, gold = sorted((found - correct).elements()), sorted(expected - correct)
    _, compared = StrictEvaluation().evaluate(_as_nervaluate(gold), _as_nervaluate(predicted), [])
    spurious = [predicted[i] for _, i in compared.spurious_indices]
    wrong = [predicted[i] for _, i in compared.incorrect_indices]
    missed = [gold[i] for _, i in compared.missed_indices]
    # both are in the order of the text, and so are the pairs
    wronged = sorted(set(gold) - set(missed))
    return sorted(
        [
            *(Match(entity, entity) for entity in correct),
            *map(Match, wronged, wrong),
            *(Match(entity, None) for entity in missed),
            *(Match(None, entity) for entity in spurious),
        ],
        key=lambda match: match.start,
    )


def _as_nervaluate(entities: Iterable[Entity]) -> list[NervaluateEntity]:
    return [NervaluateEntity(label, start, end - 1) for start, end, label in entities]
