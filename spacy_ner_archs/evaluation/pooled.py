"""Predictions for a corpus by several pipelines, each for a part of it."""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from spacy_ner_archs.evaluation.predict import Cost, Predictions


class Part(NamedTuple):
    """fold: its name. docs: their numbers in the corpus. predictions: for these."""

    fold: str
    docs: Sequence[int]
    predictions: Predictions


def pooled(parts: Sequence[Part], model: str) -> Predictions:
    """One for all docs, in their order in the corpus, with the mean cost.

    parts: of one file; each doc is in one. model: what to call the pipelines together.
    Probabilities are None where any part has none.
    """
    order = sorted((doc, i, j) for i, part in enumerate(parts) for j, doc in enumerate(part.docs))
    every = [part.predictions for part in parts]
    known = [each.probabilities for each in every if each.probabilities is not None]
    return Predictions(
        examples=[every[i].examples[j] for _, i, j in order],
        model=model,
        file=every[0].file,
        labels=tuple(dict.fromkeys(label for each in every for label in each.labels)),
        cost=_mean([each.cost for each in every]),
        probabilities=[known[i][j] for _, i, j in order] if len(known) == len(parts) else None,
        folds=[parts[i].fold for _, i, _ in order],
    )


def _mean(costs: Sequence[Cost]) -> Cost:
    return Cost(
        round(fmean(cost.words_per_second for cost in costs)),
        fmean(cost.load_seconds for cost in costs),
        round(fmean(cost.bytes for cost in costs)),
    )
