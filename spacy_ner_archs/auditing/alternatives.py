"""What may be right in a place of a doc instead of what is annotated there."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.decoders.entity import Entity

#: What can be wrong with an annotation.
DOUBT_KINDS = {
    "spurious": "an entity that probably is none",
    "missing": "no entity where probably one is",
    "label": "another label is more probable",
    "boundaries": "other boundaries are more probable",
}


class Alternative(NamedTuple):
    """kind: of `DOUBT_KINDS`. there: what is annotated, an entity or, where another would overlap
    several, all of them. better: what it would be instead. Both have their probabilities. No entity
    is one with the label O."""

    kind: str
    there: tuple[Entity, ...]
    better: Entity

    @property
    def start(self) -> int:
        return min(self.better.start, self.there[0].start)

    @property
    def end(self) -> int:
        return max(self.better.end, self.there[-1].end)

    @property
    def doubted(self) -> Entity:
        """The least probable of what is annotated: if one is wrong, the annotation is."""
        return min(self.there, key=lambda entity: entity.score)

    @property
    def margin(self) -> float:
        """By how much the other is more probable."""
        return self.better.score - self.doubted.score


def best_alternatives(judgement: Judgement) -> list[Alternative]:
    """The most doubtful alternatives of a doc that don't overlap, in their order in the doc."""
    found = [*_removals(judgement), *_suggestions(judgement)]
    found.sort(key=lambda each: (-each.margin, each.start, each.end, each.better))
    taken: set[int] = set()
    best = []
    for each in found:
        if taken.isdisjoint(range(each.start, each.end)):
            taken.update(range(each.start, each.end))
            best.append(each)
    return sorted(best, key=lambda each: each.start)


def _removals(judgement: Judgement) -> Iterator[Alternative]:
    for entity in judgement.annotated:
        yield Alternative("spurious", (entity,), _outside(judgement, entity))


def _suggestions(judgement: Judgement) -> Iterator[Alternative]:
    owners = {i: entity for entity in judgement.annotated for i in range(entity.start, entity.end)}
    for other in judgement.others:
        tokens = range(other.start, other.end)
        there = tuple(sorted({owners[i] for i in tokens if i in owners}))
        if not there:
            yield Alternative("missing", (_outside(judgement, other),), other)
        elif [entity[:2] for entity in there] == [other[:2]]:
            yield Alternative("label", there, other)
        else:
            yield Alternative("boundaries", there, other)


def _outside(judgement: Judgement, entity: Entity) -> Entity:
    """No entity, in its place."""
    place = entity[:2]
    return Entity(*place, OUTSIDE, judgement.outside[place])
