"""How F1 changes with a share of a corpus: of the tokens that are annotated, or of the entities
that are dropped."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spacy_ner_archs.reporting.charts import COLOURS, INK, SETTINGS, STYLES, to_svg

#: Of the F1 of the whole corpus.
GOAL = 0.99


class F1AtShare(NamedTuple):
    """share: of the corpus, 0 to 1. f1: on dev."""

    share: float
    f1: float


#: Of one run, or of trainings that differ in the share alone.
Curve = Sequence[F1AtShare]


def f1_curves(curves: Mapping[str, Sequence[Curve]], xlabel: str, goal: float | None = None) -> str:
    """As SVG: for each name the mean of its curves, which have the same shares, from the least to
    the greatest of them.

    xlabel: what the shares are of. goal: the F1 of a pipeline that has seen the whole corpus; with
    it, a line at 99 % of it is drawn.
    """
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.add_subplot()
        if goal is not None:
            _draw_goal(axes, goal)
        for i, (name, same) in enumerate(curves.items()):
            shares, f1 = 100 * np.array(same, dtype=float).transpose(2, 0, 1)
            colour, style = COLOURS[i % len(COLOURS)], STYLES[i // len(COLOURS) % len(STYLES)]
            x = shares.mean(0)
            axes.plot(x, f1.mean(0), style, marker="o", markersize=4, color=colour, label=name)
            axes.fill_between(x, f1.min(0), f1.max(0), color=colour, alpha=0.2, linewidth=0)
        axes.set(xlabel=xlabel, ylabel="F1 on dev, %", xlim=(0, None))
        axes.legend(loc="best")
        return to_svg(figure)


def _draw_goal(axes: Axes, goal: float) -> None:
    axes.axhline(100 * GOAL * goal, color=INK, linewidth=0.8, linestyle=":")
    axes.annotate(
        f"{100 * GOAL:.0f} % of the F1 with all",
        (0, 100 * GOAL * goal),
        xycoords=("axes fraction", "data"),
        xytext=(6, 3),
        textcoords="offset points",
        ha="left",
    )


def share_needed(curve: Curve, f1: float) -> float | None:
    """The share with which a run reaches an F1, between two rounds on a straight line; None where
    it doesn't. Nothing is known of what is before the first round."""
    before = None
    for point in curve:
        if point.f1 >= f1:
            if before is None:
                return point.share
            part = (f1 - before.f1) / (point.f1 - before.f1)
            return before.share + part * (point.share - before.share)
        before = point
    return None
