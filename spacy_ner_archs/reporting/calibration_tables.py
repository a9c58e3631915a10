"""What a calibration found, as tables."""

from spacy_ner_archs.evaluation.fit_calibration import CalibrationFit
from spacy_ner_archs.evaluation.fit_threshold import Goal, ThresholdFit
from spacy_ner_archs.evaluation.risk_control import CONFIDENCE
from spacy_ner_archs.reporting.tables import Table

#: Figures of probabilities, by their keys in `CalibrationFit`.
FIGURES = {"ece": "ECE, 15 bins of equal mass", "brier": "Brier", "log_loss": "log loss, nats"}

#: What is promised of new docs, by what is kept.
GUARANTEES = {
    "precision": (
        f"Docs like those of dev have that precision with a confidence of {CONFIDENCE:.0%} "
        "(Learn then Test)."
    ),
    "recall": (
        "Docs like those of dev have that recall in expectation, if none has more entities than "
        "the richest of dev (conformal risk control)."
    ),
}


def figure_table(fit: CalibrationFit) -> Table:
    rows = [
        (name, f"{fit.before[key]:.4f}", f"{fit.after[key]:.4f}") for key, name in FIGURES.items()
    ]
    temperatures = [f"Temperature {fit.calibration.temperature:.3f}"]
    for label, temperature in fit.calibration.span_temperatures.items():
        temperatures.append(f"{label} {temperature:.3f}")
    note = (
        f"Of {fit.n_predicted} predicted entities, {fit.n_right} of them right; lower is better. "
        f"{', '.join(temperatures)}."
    )
    return Table("Probabilities of entities", ("figure", "before", "after"), rows, note)


def threshold_table(goal: Goal, fit: ThresholdFit) -> Table:
    rows = [
        (
            each.label or "all",
            f"{each.threshold:g}",
            f"{100 * each.precision:.2f}",
            f"{100 * each.recall:.2f}",
            str(each.kept),
        )
        for each in fit.chosen
    ]
    setting = "threshold" if goal.spans_key is None else "min_score"
    title = f"{goal.measure.capitalize()} of at least {goal.share:g}"
    header = ("label", setting, "P", "R", "kept")
    return Table(title, header, rows, f"P and R of dev, in %. {GUARANTEES[goal.measure]}")
