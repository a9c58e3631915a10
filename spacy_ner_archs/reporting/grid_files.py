"""What the runs of a grid come to, as the files of its folder."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import numpy as np
from scipy.stats import ttest_rel

from spacy_ner_archs.evaluation.resampled_t import resampled_t_interval
from spacy_ner_archs.evaluation.scores import Interval
from spacy_ner_archs.experiments.grid import Grid
from spacy_ner_archs.reporting.charts import seed_dots
from spacy_ner_archs.reporting.markdown import to_markdown
from spacy_ner_archs.reporting.tables import Table

#: A run's result, as `training.train` gives it, and with the scores of `with_held_out`.
Result = Mapping[str, Any]
#: What a part of a result is called. The last one that is there is compared.
PARTS = {"dev": "dev", "test": "test", "held_out": "held-out"}


def grid_files(grid: Grid, results: Sequence[Result], title: str) -> dict[str, str]:
    """The files of a grid by their names."""
    part = _parts(results)[-1]
    scores = {", ".join(cell): f1 for cell, f1 in scores_of(grid, results, part).items()}
    return {
        "grid.csv": grid_csv(grid, results),
        "grid.md": to_markdown(title, [summary_table(grid, results)]),
        "grid.svg": seed_dots(scores, f"F1 on {PARTS[part]}, %"),
    }


def grid_csv(grid: Grid, results: Sequence[Result]) -> str:
    """A line for each run. Times aren't in it, so that the same runs give the same file."""
    parts = [*_parts(results), *(["pooled"] if "pooled" in results[0] else [])]
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    columns = [f"{part}_{key}" for part in parts for key in "prf"]
    fold = ["fold"] if grid.runs[0].fold else []
    writer.writerow([*grid.axes, "seed", *fold, "steps", *columns])
    for run, result in zip(grid.runs, results, strict=True):
        scores = [f"{result[part][key]:.6f}" for part in parts for key in "prf"]
        number = [run.fold.number] if run.fold else []
        writer.writerow([*run.cell, run.seed, *number, result["steps"], *scores])
    return file.getvalue()


def _parts(results: Sequence[Result]) -> list[str]:
    return [part for part in PARTS if part in results[0]]


def scores_of(
    grid: Grid, results: Sequence[Result], part: str
) -> dict[tuple[str, ...], list[float]]:
    """The F1 of each cell's runs."""
    scores: dict[tuple[str, ...], list[float]] = {}
    for run, result in zip(grid.runs, results, strict=True):
        scores.setdefault(run.cell, []).append(result[part]["f"])
    return scores


def summary_table(grid: Grid, results: Sequence[Result]) -> Table:
    """Mean and standard deviation over the runs of each cell, and the difference to the first."""
    parts = _parts(results)
    scores = {part: scores_of(grid, results, part) for part in parts}
    seconds: dict[tuple[str, ...], list[float]] = {}
    for run, result in zip(grid.runs, results, strict=True):
        seconds.setdefault(run.cell, []).append(result["seconds"])
    n_folds = len({run.fold for run in grid.runs})  # one, None, without cross-validation
    last = parts[-1]
    first = next(iter(scores[last].values()))
    pooled = (
        {cell: f1[::n_folds] for cell, f1 in scores_of(grid, results, "pooled").items()}
        if n_folds > 1
        else {}
    )
    rows = [
        (
            *cell,
            *(_mean(scores[part][cell]) for part in parts),
            *([_mean(pooled[cell])] if pooled else []),
            _difference(scores[last][cell], first, n_folds),
            f"{np.median(seconds[cell]):.0f}",
        )
        for cell in scores[last]
    ]
    header = (
        *grid.axes,
        *(f"{PARTS[part]} F1" for part in parts),
        *(["pooled F1"] if pooled else []),
        f"{PARTS[last]}: difference to the first",
        "seconds a training (median)",
    )
    return Table("Grid", header, rows, _note(len(first) // n_folds, n_folds))


def _note(n_seeds: int, n_folds: int) -> str:
    seeds = f"{n_seeds} seeds" if n_seeds > 1 else "one seed"
    if n_folds > 1:
        return (
            f"F1 in %: mean ± standard deviation over {n_folds} folds and {seeds}; pooled: of the "
            "predictions for all held-out folds together. Differences: 95 % interval of a "
            "corrected resampled t test over the folds (Nadeau & Bengio 2003)."
        )
    if n_seeds == 1:
        return f"F1 in %, {seeds}."
    return (
        f"F1 in %: mean ± standard deviation over {seeds}. "
        "Differences: 95 % interval of a paired t test over the seeds."
    )


def _mean(scores: Sequence[float]) -> str:
    text = f"{100 * np.mean(scores):.2f}"
    return f"{text} ± {100 * np.std(scores, ddof=1):.2f}" if len(scores) > 1 else text


def _difference(scores: Sequence[float], first: Sequence[float], n_folds: int) -> str:
    """scores, first: of each seed, fold by fold."""
    if scores is first:
        return ""
    text = f"{100 * (np.mean(scores) - np.mean(first)):+.2f}"
    if len(scores) < 2:
        return text
    low, high = _interval(scores, first, n_folds)
    return f"{text} ({100 * low:+.2f} to {100 * high:+.2f})"


def _interval(scores: Sequence[float], first: Sequence[float], n_folds: int) -> Interval:
    if n_folds == 1:
        return Interval(*ttest_rel(scores, first).confidence_interval())
    differences = np.subtract(scores, first).reshape(-1, n_folds)
    return resampled_t_interval(differences.mean(axis=0))
