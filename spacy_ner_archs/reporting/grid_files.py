"""What the runs of a grid come to, as the files of its folder."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import numpy as np
from scipy.stats import ttest_rel

from spacy_ner_archs.experiments.grid import Grid
from spacy_ner_archs.reporting.charts import seed_dots
from spacy_ner_archs.reporting.markdown import to_markdown
from spacy_ner_archs.reporting.tables import Table

#: A run's result, as `training.train` gives it.
Result = Mapping[str, Any]


def grid_files(grid: Grid, results: Sequence[Result], title: str) -> dict[str, str]:
    """The files of a grid by their names."""
    part = "test" if "test" in results[0] else "dev"
    scores = {", ".join(cell): f1 for cell, f1 in scores_of(grid, results, part).items()}
    return {
        "grid.csv": grid_csv(grid, results),
        "grid.md": to_markdown(title, [summary_table(grid, results)]),
        "grid.svg": seed_dots(scores, f"F1 on {part}, %"),
    }


def grid_csv(grid: Grid, results: Sequence[Result]) -> str:
    """A line for each run. Times aren't in it, so that the same runs give the same file."""
    parts = [part for part in ("dev", "test") if part in results[0]]
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    columns = [f"{part}_{key}" for part in parts for key in "prf"]
    writer.writerow([*grid.axes, "seed", "steps", *columns])
    for run, result in zip(grid.runs, results, strict=True):
        scores = [f"{result[part][key]:.6f}" for part in parts for key in "prf"]
        writer.writerow([*run.cell, run.seed, result["steps"], *scores])
    return file.getvalue()


def scores_of(
    grid: Grid, results: Sequence[Result], part: str
) -> dict[tuple[str, ...], list[float]]:
    """The F1 of each cell's seeds."""
    scores: dict[tuple[str, ...], list[float]] = {}
    for run, result in zip(grid.runs, results, strict=True):
        scores.setdefault(run.cell, []).append(result[part]["f"])
    return scores


def summary_table(grid: Grid, results: Sequence[Result]) -> Table:
    """Mean and standard deviation over the seeds of each cell, and the difference to the first."""
    parts = [part for part in ("dev", "test") if part in results[0]]
    scores = {part: scores_of(grid, results, part) for part in parts}
    seconds: dict[tuple[str, ...], list[float]] = {}
    for run, result in zip(grid.runs, results, strict=True):
        seconds.setdefault(run.cell, []).append(result["seconds"])
    last = parts[-1]
    first = next(iter(scores[last].values()))
    rows = [
        (
            *cell,
            *(_mean(scores[part][cell]) for part in parts),
            _difference(scores[last][cell], first),
            f"{np.median(seconds[cell]):.0f}",
        )
        for cell in scores[last]
    ]
    header = (*grid.axes, *(f"{part} F1" for part in parts), f"{last}: difference to the first")
    n = len(first)
    note = "F1 in %, one seed."
    if n > 1:
        note = (
            f"F1 in %: mean ± standard deviation over {n} seeds. "
            "Differences: 95 % interval of a paired t test over the seeds."
        )
    return Table("Grid", (*header, "seconds a training (median)"), rows, note)


def _mean(scores: Sequence[float]) -> str:
    text = f"{100 * np.mean(scores):.2f}"
    return f"{text} ± {100 * np.std(scores, ddof=1):.2f}" if len(scores) > 1 else text


def _difference(scores: Sequence[float], first: Sequence[float]) -> str:
    if scores is first:
        return ""
    text = f"{100 * (np.mean(scores) - np.mean(first)):+.2f}"
    if len(scores) < 2:
        return text
    low, high = ttest_rel(scores, first).confidence_interval()
    return f"{text} ({100 * low:+.2f} to {100 * high:+.2f})"
