"""Thresholds of a trained `ner_tagger` that keep a recall or a precision, from dev docs."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.evaluation.dev_scores import DevScores
from spacy_ner_archs.evaluation.risk_control import (
    fewest_gold,
    fewest_kept,
    needed_recall,
    precision_index,
    recall_index,
)
from spacy_ner_archs.evaluation.sweep import Sweep, thresholds_from

#: The lowest thresholds that are tried. Below, entities without overlap are hardly more.
LOWEST_THRESHOLD, LOWEST_MIN_SCORE = 0.01, 1e-4


class Goal(NamedTuple):
    """precision or recall: what to keep, above 0 and below 1; the other is None. by_label: each
    label has to keep it. spans_key: where candidates with overlap have to keep it, or None for
    the entities of docs."""

    precision: float | None = None
    recall: float | None = None
    by_label: bool = False
    spans_key: str | None = None


class Chosen(NamedTuple):
    """A threshold, of a label or (None) of all, and the scores of the dev docs at it. kept: how
    many entities there are."""

    label: str | None
    threshold: float
    precision: float
    recall: float
    kept: int


class ThresholdFit(NamedTuple):
    """settings: of the component, that keep a goal."""

    settings: dict[str, Any]
    chosen: list[Chosen]


def fit_threshold(dev: DevScores, calibration: Calibration, goal: Goal) -> ThresholdFit:
    """Find the settings of the tagger that keep a goal on new docs. Raises ValueError, in one line,
    where dev doesn't show that any do.

    By label, each is found with the same threshold for all labels. Where entities of several labels
    overlap, what is kept of one can depend on the others' thresholds, and the guarantee is
    approximate.
    """
    find: Callable[[Sweep, str | None], int]
    if goal.precision is not None:
        find = partial(precision_threshold, precision=goal.precision)
    else:
        find = partial(recall_threshold, recall=goal.recall)
    
