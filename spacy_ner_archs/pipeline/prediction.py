from collections.abc import Mapping
from typing import NamedTuple

from spacy_ner_archs.decoders.decoder import Distribution
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import Threshold, select, threshold_of

#: Whatever the threshold, no entity with a lower score is taken: a doc of n tokens has n * n / 2
#: spans that could be one.
LEAST_SCORE = 1e-4


class Prediction(NamedTuple):
    """What a component says of one doc.

    entities: without overlap, in their order. candidates: for `doc.spans`, by start, end and label;
    None where they aren't wanted.
    """

    entities: list[Entity]
    candidates: list[Entity] | None = None


def predict_best(distribution: Distribution, min_score: float | None) -> list[Prediction]:
    """The most probable annotation of each doc; and all candidates with at least `min_score`, if
    that is given."""
    best = distribution.best()
    if min_score is None:
        return [Prediction(entities) for entities in best]
    found = distribution.candidates(min_score)
    return [Prediction(*of_doc) for of_doc in zip(best, found, strict=True)]


def predict_above(
    distribution: Distribution,
    threshold: Threshold,
    labels: tuple[str, ...],
    min_score: float | None,
) -> list[Prediction]:
    """The same with the entities that `select` chooses by a threshold."""
    thresholds = [threshold_of(threshold, label) for label in labels]
    least = max(min(thresholds, default=1.0), LEAST_SCORE)
    found = distribution.candidates(least if min_score is None else min(least, min_score))
    selected = [
        select([e for e in of_doc if e.score >= LEAST_SCORE], threshold) for of_doc in found
    ]
    if min_score is None:
        return [Prediction(entities) for entities in selected]
    wanted = [[e for e in of_doc if e.score >= min_score] for of_doc in found]
    return [Prediction(*of_doc) for of_doc in zip(selected, wanted, strict=True)]


def check_threshold(threshold: Threshold | None) -> None:
    """Raise ValueError, in one line, for what can't be a threshold."""
    values = threshold.values() if isinstance(threshold, Mapping) else [threshold]
    for value in values:
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"threshold must be from 0 to 1, not {value}")


def check_min_score(min_score: float) -> None:
    """Raise ValueError, in one line, for what can't be the lowest probability of a candidate."""
    if not 0 < min_score <= 1:
        raise ValueError(f"min_score must be above 0 and at most 1, not {min_score}")


def check_labels(threshold: Threshold | None, labels: tuple[str, ...]) -> None:
    """Raise ValueError, in one line, for thresholds of labels that a component doesn't have."""
    if isinstance(threshold, Mapping) and (unknown := sorted(threshold.keys() - set(labels))):
        raise ValueError(
            f"threshold has a number for {', '.join(unknown)}, and the labels are "
            f"{', '.join(labels)}"
        )
