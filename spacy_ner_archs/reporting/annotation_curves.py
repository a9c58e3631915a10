"""How F1 grows with the share of a corpus that is annotated."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from spacy_ner_archs.reporting.charts import COLOURS, INK, SETTINGS, STYLES, to_svg

#: Of the F1 of the whole corpus.
GOAL = 0.99


class AnnotatedShare(NamedTuple):
    """share: of the corpus's tokens that are annotated, 0 to 1. f1: on dev."""

    share: float
    f1: float


#: The rounds of a run.
Curve = Sequence[AnnotatedShare]


def annotation_curves(runs: Mapping[str, Sequence[Curve]], whole: float) -> str:
    """As SVG: for each name the mean of its runs, which have the same rounds, from the least to the
    greatest of them; and the goal, 99 % of `whole`, the F1 of a pipeline that has seen all."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.axhline(100 * GOAL * whole, color=INK, linewidth=0.8, linestyle=":")
        for i, (name, curves) in enumerate(runs.items()):
            shares, f1 = 100 * np.array(curves, dtype=float).transpose(2, 0, 1)
            colour, style = COLOURS[i % len(COLOURS)], STYLES[i // len(COLOURS) % len(STYLES)]
            x = shares.mean(0)
            axes.plot(x, f1.mean(0), style, marker=".", color=colour, label=name)
            axes.fill_between(x, f1.min(0), f1.max(0), color=colour, alpha=0.2, linewidth=0)
        axes.set(xlabel="tokens annotated, %", ylabel="F1 on dev, %", xlim=(0, None))
        axes.annotate(
            f"{100 * GOAL:.0f} % of the F1 with all",
            (0, 100 * GOAL * whole),
            xycoords=("axes fraction", "data"),
            xytext=(6, 3),
            textcoords="offset points",
            ha="left",
        )
        axes.legend(loc="lower right")
        return to_svg(figure)


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
