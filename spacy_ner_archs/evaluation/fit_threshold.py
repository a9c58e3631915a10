"""Thresholds of a trained `ner_tagger` that keep a recall or a precision, from dev docs."""

from typing import Any, NamedTuple

import numpy as np

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.evaluation.dev_scores import DevScores
from spacy_ner_archs.evaluation.risk_control import (
    fewest_gold,
    fewest_kept,
    half_index,
    needed_recall,
    precision_index,
    recall_index,
)
from spacy_ner_archs.evaluation.sweep import Sweep, thresholds_from

#: The lowest thresholds that are tried. Without overlap, lower ones keep hardly more.
LOWEST_THRESHOLD, LOWEST_MIN_SCORE = 0.01, 1e-4
USUAL_THRESHOLD = 0.5


class Goal(NamedTuple):
    """What to keep on new docs.

    measure: "precision" or "recall". share: its value, above 0 and below 1. by_label: of each
    label, and not of all entities together. spans_key: of the candidates in `doc.spans`, which can
    overlap, and not of the entities.
    """

    measure: str
    share: float
    by_label: bool = False
    spans_key: str | None = None


class Chosen(NamedTuple):
    """A threshold of a label, or of all (None), and what the dev docs have at it: precision,
    recall and the number of kept entities."""

    label: str | None
    threshold: float
    precision: float
    recall: float
    kept: int


class ThresholdFit(NamedTuple):
    """settings: the component's, that keep a goal."""

    settings: dict[str, Any]
    chosen: list[Chosen]


def fit_threshold(dev: DevScores, calibration: Calibration, goal: Goal) -> ThresholdFit:
    """Find the settings of the tagger that keep a goal, with the guarantee of `recall_index` or
    `precision_index`. Raises ValueError, in one line, where dev doesn't show that any do.

    By label, a label's threshold is found with the same threshold for all of them. Where entities
    of several labels overlap, the others' thresholds matter, and the guarantee is approximate.
    """
    overlap = goal.spans_key is not None
    lowest = LOWEST_MIN_SCORE if overlap else LOWEST_THRESHOLD
    found = dev.candidates(calibration, lowest)
    sweep = Sweep(found, dev.gold, thresholds_from(lowest), overlap=overlap)
    find = {"precision": precision_position, "recall": recall_position}[goal.measure]
    labels = [label for label in sweep.labels if label in dev.tagger.labels]
    positions = {
        label: find(sweep, label, goal.share) for label in (labels if goal.by_label else [None])
    }
    if overlap:  # one for all labels
        positions = dict.fromkeys(positions, min(positions.values()))
    chosen = [_chosen(sweep, label, i) for label, i in positions.items()]
    return ThresholdFit(_settings(goal, chosen), chosen)


def recall_position(sweep: Sweep, label: str | None, recall: float) -> int:
    """Of the highest threshold that keeps the recall."""
    missed, gold = sweep.missed(label), sweep.gold(label)
    if (i := recall_index(missed, gold, recall)) is not None:
        return i
    asked = _asked(f"recall of {recall:g}", label)
    n, fewest = int(gold.sum()), fewest_gold(gold, recall)
    if n < fewest:
        raise ValueError(
            f"too small for {asked}: it has {n} such entities, up to {gold.max(initial=0)} in a "
            f"doc, and {fewest} are needed"
        )
    found = 1 - missed.sum(axis=0).min() / n
    raise ValueError(
        f"no threshold has {asked}: at most {found:.1%} of the entities are found, and "
        f"{needed_recall(gold, recall):.1%} are needed to be sure of new docs"
    )


def precision_position(sweep: Sweep, label: str | None, precision: float) -> int:
    """Of the lowest threshold that keeps the precision."""
    kept = sweep.kept(label)
    usual = int(np.searchsorted(sweep.thresholds, USUAL_THRESHOLD))
    begin = half_index(kept, usual)
    if (i := precision_index(sweep.wrong(label), kept, precision, begin)) is not None:
        return i
    asked = _asked(f"precision of {precision:g}", label)
    n, fewest = int(kept[:, usual].sum()), 2 * fewest_kept(precision)
    if n < fewest:
        raise ValueError(
            f"too small for {asked}: {n} such entities are found, and {fewest} are needed"
        )
    raise ValueError(f"no threshold is sure to have {asked} on new docs")


def _asked(what: str, label: str | None) -> str:
    return f"a {what}" if label is None else f"a {what} of {label}"


def _chosen(sweep: Sweep, label: str | None, i: int) -> Chosen:
    kept, wrong, missed = (
        int(counts[:, i].sum())
        for counts in (sweep.kept(label), sweep.wrong(label), sweep.missed(label))
    )
    right = kept - wrong
    return Chosen(
        label,
        float(sweep.thresholds[i]),
        right / max(kept, 1),
        right / max(right + missed, 1),
        kept,
    )


def _settings(goal: Goal, chosen: list[Chosen]) -> dict[str, Any]:
    if goal.spans_key is not None:
        return {"spans_key": goal.spans_key, "min_score": chosen[0].threshold}
    if goal.by_label:
        return {"threshold": {str(each.label): each.threshold for each in chosen}}
    return {"threshold": chosen[0].threshold}
