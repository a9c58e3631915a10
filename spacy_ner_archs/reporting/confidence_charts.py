"""Charts of how far probabilities can be trusted, as `charts.py` has them."""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spacy_ner_archs.evaluation.confidence import Confidence
from spacy_ner_archs.evaluation.scores import Scores
from spacy_ner_archs.reporting.charts import COLOURS, INK, SETTINGS, STYLES, to_svg

SIZE = (4.6, 3.9)


def reliability_diagram(confidence: Confidence) -> str:
    """A point for each bin, the diagonal, and the distance of both."""
    means = [each.confidence for each in confidence.bins]
    shares = [each.accuracy for each in confidence.bins]
    with mpl.rc_context(SETTINGS):
        figure, axes = _axes()
        axes.plot([0, 1], [0, 1], color=INK, linestyle=":", linewidth=1)
        axes.vlines(means, means, shares, color=COLOURS[1], linewidth=2)
        axes.plot(means, shares, marker="o", color=COLOURS[0])
        axes.text(0.04, 0.93, f"ECE {confidence.ece:.4f}", transform=axes.transAxes)
        axes.set(xlabel="mean probability", ylabel="share of right entities")
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
        return to_svg(figure)


def risk_coverage_curve(confidence: Confidence) -> str:
    coverage = [100 * each.coverage for each in confidence.coverage]
    risk = [100 * each.risk for each in confidence.coverage]
    with mpl.rc_context(SETTINGS):
        figure, axes = _axes()
        axes.fill_between(coverage, risk, color=COLOURS[0], alpha=0.15)
        axes.plot(coverage, risk, color=COLOURS[0])
        axes.text(0.04, 0.93, f"AURC {confidence.aurc:.4f}", transform=axes.transAxes)
        axes.set(xlabel="most confident entities that are kept, %", ylabel="wrong ones of them, %")
        axes.set(xlim=(0, 102), ylim=(0, max(1, 1.15 * max(risk))))
        return to_svg(figure)


def threshold_curves(confidence: Confidence, predicted: Scores) -> str:
    """predicted: the scores of what the pipeline itself predicts, as dotted lines."""
    thresholds = [each.threshold for each in confidence.thresholds]
    with mpl.rc_context(SETTINGS):
        figure, axes = _axes()
        for i, (key, name) in enumerate((("p", "precision"), ("r", "recall"), ("f", "F1"))):
            values = [100 * getattr(each.scores, key) for each in confidence.thresholds]
            axes.plot(thresholds, values, STYLES[i], color=COLOURS[i], label=name)
            axes.axhline(100 * getattr(predicted, key), color=COLOURS[i], alpha=0.4, linewidth=0.8)
        best = confidence.best
        axes.plot([best.threshold], [100 * best.scores.f], "o", color=COLOURS[2])
        told = f"best F1 {100 * best.scores.f:.2f} at {best.threshold:.2f}"
        axes.text(0.04, 0.05, told, transform=axes.transAxes)
        axes.set(xlabel="threshold (thin lines: as predicted)", ylabel="%", xlim=(0, 1))
        figure.legend(loc="outside upper left", ncols=3, fontsize=9)
        return to_svg(figure)


def _axes() -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.grid(color=INK, alpha=0.15)
    return figure, axes
