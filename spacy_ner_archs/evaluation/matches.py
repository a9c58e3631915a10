"""Predicted entities paired with gold ones, and what is wrong with each pair."""

from typing import Literal, NamedTuple

from spacy.training import Example

from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity
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

    @property
    def either(self) -> tuple[Entity, Entity]:
        """The gold entity, or else the predicted one; and the predicted one, or else the gold."""
        first, last = self.gold or self.predicted, self.predicted or self.gold
        assert first is not None
        assert last is not None
        return first, last

    @property
    def labels(self) -> tuple[str, str]:
        """Gold and predicted label, O for none."""
        gold, predicted = (entity.label if entity else OUTSIDE for entity in self)
        return gold, predicted


def matches(example: Example) -> list[Match]:
    """Each gold and each predicted entity once, in the order of the text. As in MUC-5 (Chinchor &
    Sundheim 1993), a wrong prediction is compared with the gold entity that it overlaps: with the
    first that no other is compared with."""
    found, expected = aligned_entities(example)
    correct = found & expected
    pairs = [Match(entity, entity) for entity in correct]
    missed = sorted(expected - correct)
    # with coarser tokens than the pipeline's, a right entity and a wrong one can be at one place
    for predicted in sorted((found - correct).elements()):
        gold = next((entity for entity in missed if _overlap(entity, predicted)), None)
        if gold:
            missed.remove(gold)
        pairs.append(Match(gold, predicted))
    pairs += [Match(entity, None) for entity in missed]
    return sorted(pairs, key=lambda match: match.start)


def _overlap(first: Entity, second: Entity) -> bool:
    return first.start < second.end and second.start < first.end
