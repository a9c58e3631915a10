"""Charts as SVG that suit light and dark pages, print, and eyes that see colours in other ways."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from spacy_ner_archs.evaluation.confusion import Confusion, most_frequent, shares_of
from spacy_ner_archs.evaluation.scores import Scores
from spacy_ner_archs.evaluation.training_log import Point

#: Ink of text and lines, which is another on a dark page.
INK, INK_ON_DARK = "#1b1f24", "#e6e8eb"
#: Most rows of a matrix, and most labels told apart in bars.
MOST = 20
#: Okabe and Ito 2008, "Color Universal Design", without black; told apart by line style, too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
STYLES = ("-", "--", "-.", ":")
HATCHES = ("", "//", "..", "xx")
LEGEND_COLUMNS = 5
COLOUR_MAP = "Blues"

SETTINGS: Any = {
    "font.size": 10,
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans"],
    "svg.fonttype": "none",
    "text.parse_math": False,
    "svg.hashsalt": "spacy-ner-archs",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}

DARK = (
    "<style>@media (prefers-color-scheme: dark) {"
    f'[style*="fill: {INK}"] {{ fill: {INK_ON_DARK} !important }} '
    f'[style*="stroke: {INK}"] {{ stroke: {INK_ON_DARK} !important }}'
    "}</style>"
)


def heat_map(confusion: Confusion, *, shares: bool) -> str:
    """The counts of a confusion, or each row's shares in %. Colours of counts are on a logarithmic
    scale, so that O doesn't drown the rest. Rare labels of many are one row and column."""
    labels, counts = most_frequent(confusion, MOST)
    n = len(labels)
    values = 100 * shares_of(counts) if shares else counts.astype("float64")
    scale = Normalize(0, 100) if shares else LogNorm(1, max(values.max(initial=0), 2))
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(1.6 + 0.62 * n, 1.2 + 0.5 * n), layout="constrained")
        axes = figure.add_subplot()
        axes.imshow(np.ma.masked_less_equal(values, 0), norm=scale, cmap=COLOUR_MAP, aspect="auto")
        axes.set_xticks(range(n), labels, rotation=45 if n > 6 else 0)
        axes.set_yticks(range(n), labels)
        axes.set(xlabel="predicted", ylabel="gold")
        for i, j in zip(*np.nonzero(values), strict=True):
            text = f"{values[i, j]:.1f}" if shares else f"{int(values[i, j])}"
            red, green, blue, _ = mpl.colormaps[COLOUR_MAP](scale(values[i, j]))
            is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
            axes.text(j, i, text, ha="center", va="center", color="white" if is_dark else "black")
        return to_svg(figure)


def score_bars(scores: Mapping[str, Scores]) -> str:
    """F1 in % with 95 % intervals, a bar for each name."""
    names = list(scores)
    f1 = np.array([100 * each.f for each in scores.values()])
    known = [each.interval or (each.f, each.f) for each in scores.values()]
    low, high = 100 * np.array(known).reshape(-1, 2).T
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6, 0.9 + 0.34 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        errors = np.maximum([f1 - low, high - f1], 0)
        axes.barh(names, f1, xerr=errors, color=COLOURS[0], ecolor=INK, capsize=3, height=0.62)
        for i, value in enumerate(f1):
            axes.text(max(value, high[i]) + 2, i, f"{value:.1f}", va="center")
        axes.invert_yaxis()
        axes.set(xlim=(0, 110), xticks=range(0, 101, 20), xlabel="F1, %")
        return to_svg(figure)


def share_bars(shares: Mapping[str, float], label: str) -> str:
    """Shares in %, a bar for each name."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 0.9 + 0.34 * len(shares)), layout="constrained")
        axes = figure.add_subplot()
        bars = axes.barh(list(shares), [100 * share for share in shares.values()], color=COLOURS[0])
        axes.bar_label(bars, fmt="%.0f", padding=3)
        axes.invert_yaxis()
        axes.set(xlabel=label)
        return to_svg(figure)


def seed_dots(scores: Mapping[str, Sequence[float]], label: str) -> str:
    """In %: for each name its scores, and their mean with the standard deviation. Points and no
    bars, because the axis doesn't begin at 0."""
    names = list(scores)
    means = [100 * np.mean(values) for values in scores.values()]
    deviations = [float(100 * np.std(v, ddof=1)) if len(v) > 1 else 0.0 for v in scores.values()]
    each = np.array([(100 * f1, i) for i, v in enumerate(scores.values()) for f1 in v])
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 0.9 + 0.3 * len(names)), layout="constrained")
        axes = figure.add_subplot()
        axes.grid(axis="x", color=INK, alpha=0.15)
        places = range(len(names))
        axes.errorbar(means, places, xerr=deviations, fmt="D", color=COLOURS[0], markersize=5)
        axes.scatter(each[:, 0], each[:, 1], marker="|", s=90, color=COLOURS[1], zorder=3)
        axes.set_yticks(places, names)
        axes.set(xlabel=label, ylim=(len(names) - 0.5, -0.5))
        return to_svg(figure)


def kind_bars(kinds: Mapping[str, Mapping[str, int]]) -> str:
    """Numbers of wrong entities: a bar for each kind, of a piece for each label. Of many labels
    the rare ones are one piece."""
    totals = Counter[str]()
    for counts in kinds.values():
        totals.update(counts)
    labels = sorted(label for label, _ in totals.most_common(MOST))
    pieces = {
        label: np.array([of_kind.get(label, 0) for of_kind in kinds.values()]) for label in labels
    }
    if len(totals) > MOST:
        every = np.array([sum(of_kind.values()) for of_kind in kinds.values()])
        pieces["other labels"] = every - sum(pieces.values())
    rows = -(-len(pieces) // LEGEND_COLUMNS)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7, 2.3 + 0.25 * rows), layout="constrained")
        axes = figure.add_subplot()
        left = np.zeros(len(kinds))
        for i, (label, widths) in enumerate(pieces.items()):
            colour, hatch = COLOURS[i % len(COLOURS)], HATCHES[i // len(COLOURS)]
            axes.barh(list(kinds), widths, 0.62, left, label=label, color=colour, hatch=hatch)
            left += widths
        axes.invert_yaxis()
        axes.set(xlabel="entities")
        if pieces:
            figure.legend(loc="outside upper left", ncols=LEGEND_COLUMNS, fontsize=8)
        return to_svg(figure)


def training_curves(runs: Mapping[str, Sequence[Point]]) -> str:
    """Loss, F1 on dev and learning rate of one training or more, over steps; epochs above, where
    it is one."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(6, 6.4), layout="constrained")
        loss, f1, rate = figure.subplots(3, sharex=True)
        for i, (name, points) in enumerate(runs.items()):
            look: Any = {
                "label": name,
                "color": COLOURS[i % len(COLOURS)],
                "linestyle": STYLES[i // len(COLOURS) % len(STYLES)],
            }
            trained = [point for point in points if point.step]
            _curve(loss, [(point.step, point.loss) for point in trained], look)
            _curve(f1, [(point.step, 100 * point.ents_f) for point in points], look)
            rates = [(p.step, p.learn_rate) for p in points if p.learn_rate is not None]
            _curve(rate, rates, look)
        loss.set(ylabel="loss a step")
        f1.set(ylabel="F1 on dev, %")
        rate.set(ylabel="learning rate", xlabel="step", ylim=(0, None))
        if len(runs) > 1:
            figure.legend(*loss.get_legend_handles_labels(), loc="outside upper left", fontsize=9)
        else:
            _mark_epochs(loss, next(iter(runs.values()), []))
        return to_svg(figure)


def _curve(axes: Axes, points: Sequence[tuple[int, Any]], look: Mapping[str, Any]) -> None:
    steps, values = zip(*points, strict=True) if points else ((), ())
    axes.plot(steps, values, marker=".", **look)


def _mark_epochs(axes: Axes, points: Sequence[Point]) -> None:
    starts: dict[int, int] = {}
    for point in points:
        starts.setdefault(point.epoch, point.step)
    every = max(1, len(starts) // 10)
    epochs = axes.secondary_xaxis("top")
    epochs.set_xticks(list(starts.values())[::every], list(map(str, starts))[::every])
    epochs.set_xlabel("epoch")


def to_svg(figure: Figure) -> str:
    """Without the XML declaration, and with colours for dark pages."""
    file = StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    end = text.index(">") + 1
    return text[:end] + DARK + text[end:]
