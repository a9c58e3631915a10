"""The scores of all alternatives of a corpus."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from statistics import fmean
from typing import NamedTuple

from spacy_ner_archs.auditing.alternatives import Alternative, best_alternatives
from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.auditing.score import Contradictions, DoubtScale, surprise
from spacy_ner_archs.decoders.entity import Entity

#: A reading with a higher probability contradicts an annotation that is another.
PROBABLE = 0.5


class Scored(NamedTuple):
    """score: from 0 to 1, the more doubtful the higher (`DoubtScale`)."""

    alternative: Alternative
    score: float


def scored_alternatives(judged: Sequence[Judgement]) -> list[list[Scored]]:
    """Of each doc, the best alternatives with their scores."""
    found = [best_alternatives(judgement) for judgement in judged]
    scale = _scale(judged, found)
    return [
        [Scored(each, _score(scale, judgement, each.doubted)) for each in of_doc]
        for judgement, of_doc in zip(judged, found, strict=True)
    ]


def contradictions(alternatives: Iterable[Alternative]) -> Contradictions:
    """Those among the best alternatives of a corpus."""
    kinds = [each.kind for each in alternatives if each.better.score > PROBABLE]
    return Contradictions(kinds.count("missing"), len(kinds))


def _scale(judged: Sequence[Judgement], found: Sequence[Sequence[Alternative]]) -> DoubtScale:
    surprises: dict[str, list[float]] = defaultdict(list)
    for judgement in judged:
        for entity in judgement.annotated:
            surprises[entity.label].append(_surprise(judgement, entity))
    probabilities = [entity.score for judgement in judged for entity in judgement.annotated]
    agreement = fmean(probabilities) if probabilities else 0.0
    return DoubtScale(surprises, agreement, contradictions(chain.from_iterable(found)))


def _score(scale: DoubtScale, judgement: Judgement, entity: Entity) -> float:
    return scale.score(entity.label, _surprise(judgement, entity))


def _surprise(judgement: Judgement, entity: Entity) -> float:
    return surprise(entity.score, judgement.entropies[entity[:2]])
