"""How far a pipeline's probabilities can be trusted, and what other thresholds would give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.training import Example

from spacy_ner_archs.evaluation.calibration import (
    aurc,
    brier,
    expected_calibration_error,
    log_loss,
    reliability,
    risk_coverage,
)
from spacy_ner_archs.evaluation.gold import gold_of
from spacy_ner_archs.evaluation.matches import Match
from spacy_ner_archs.evaluation.probabilities import Probabilities
from spacy_ner_archs.evaluation.scores import Scores, scores_of
from spacy_ner_archs.evaluation.sweep import Sweep

#: Of equal mass, for the reliability diagram and the expected calibration error.
N_BINS = 15
#: Of the curve over thresholds.
THRESHOLDS = (0.02, *(round(0.05 * i, 2) for i in range(1, 20)), 0.98)
#: Points of a risk-coverage curve: more can't be seen.
MOST_POINTS = 200
#: From here on an error was made with confidence.
SURE = 0.9


@dataclass(frozen=True)
class Bin:
    """Predicted entities of similar confidence: the mean, and the share of them that is right."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True)
class RiskAtCoverage:
    """risk: share of wrong ones among the most confident predicted entities, where they are this
    share of all."""

    coverage: float
    risk: float


@dataclass(frozen=True)
class ThresholdScores:
    threshold: float
    scores: Scores


@dataclass(frozen=True)
class ErrorConfidence:
    """Means are None where there is nothing.

    right, wrong: mean probability of right and of wrong predicted entities. missed: of gold
    entities that aren't predicted so. share_sure: of the wrong predicted ones with a probability of
    at least `SURE`.
    """

    n_wrong: int
    right: float | None
    wrong: float | None
    missed: float | None
    share_sure: float | None


@dataclass(frozen=True)
class Confidence:
    """Of the predicted entities, by their probabilities; see `calibration`.

    ece: expected calibration error. aurc: area under the risk-coverage curve. thresholds: scores of
    the entities that the threshold decoding finds. best: the one of them with the best F1.
    """

    ece: float
    brier: float
    log_loss: float
    aurc: float
    bins: tuple[Bin, ...]
    coverage: tuple[RiskAtCoverage, ...]
    thresholds: tuple[ThresholdScores, ...]
    best: ThresholdScores
    errors: ErrorConfidence


def confidence_of(
    examples: list[Example],
    found: Sequence[Sequence[Match]],
    probabilities: Sequence[Probabilities] | None,
) -> Confidence | None:
    """found: the matches of each example. None without probabilities, and without predicted
    entities."""
    if probabilities is None:
        return None
    confidence, correct = predicted_confidences(found, probabilities)
    if not len(confidence):
        return None
    by_bin = reliability(confidence, correct, N_BINS)
    bins = zip(*(values.tolist() for values in by_bin), strict=True)
    thresholds = threshold_scores(examples, probabilities)
    return Confidence(
        ece=expected_calibration_error(confidence, correct, N_BINS),
        brier=brier(confidence, correct),
        log_loss=log_loss(confidence, correct),
        aurc=aurc(confidence, correct),
        bins=tuple(Bin(*values) for values in bins),
        coverage=_curve(confidence, correct),
        thresholds=thresholds,
        best=max(thresholds, key=lambda each: each.scores.f),
        errors=_of_errors(confidence, correct, _missed(found, probabilities)),
    )


def predicted_confidences(
    found: Sequence[Sequence[Match]], probabilities: Sequence[Probabilities]
) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of the predicted entities [N], and which are right, bool [N]."""
    known = [
        (of_doc.entities[match.predicted], match.kind == "correct")
        for matches, of_doc in zip(found, probabilities, strict=True)
        for match in matches
        if match.predicted in of_doc.entities
    ]
    return np.array([p for p, _ in known]), np.array([right for _, right in known], dtype=bool)


def threshold_scores(
    examples: list[Example], probabilities: Sequence[Probabilities]
) -> tuple[ThresholdScores, ...]:
    """Strict scores of the entities that the threshold decoding finds (`Sweep`)."""
    gold = [gold_of(example) for example in examples]
    candidates = [
        [candidate for candidate in of_doc.candidates if known.is_known(*candidate[:2])]
        for of_doc, known in zip(probabilities, gold, strict=True)
    ]
    sweep = Sweep(candidates, gold, np.array(THRESHOLDS))
    wrong, missed = sweep.wrong(None).sum(axis=0), sweep.missed(None).sum(axis=0)
    counts = np.stack([sweep.gold(None).sum() - missed, wrong, missed], axis=1)
    rows = zip(THRESHOLDS, counts, strict=True)
    return tuple(ThresholdScores(threshold, scores_of(row)) for threshold, row in rows)


def _curve(confidence: np.ndarray, correct: np.ndarray) -> tuple[RiskAtCoverage, ...]:
    coverage, risk = risk_coverage(confidence, correct)
    n = len(coverage)
    shown = np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int))
    return tuple(RiskAtCoverage(float(coverage[i]), float(risk[i])) for i in shown)


def _missed(found: Sequence[Sequence[Match]], probabilities: Sequence[Probabilities]) -> np.ndarray:
    """The probabilities of gold entities that aren't predicted so."""
    return np.array(
        [
            of_doc.entities[match.gold]
            for matches, of_doc in zip(found, probabilities, strict=True)
            for match in matches
            if match.kind != "correct" and match.gold in of_doc.entities
        ]
    )


def _of_errors(confidence: np.ndarray, correct: np.ndarray, missed: np.ndarray) -> ErrorConfidence:
    wrong = confidence[~correct]
    return ErrorConfidence(
        n_wrong=len(wrong),
        right=_mean(confidence[correct]),
        wrong=_mean(wrong),
        missed=_mean(missed),
        share_sure=_mean(wrong >= SURE),
    )


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None
