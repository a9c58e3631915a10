"""The trainings of a grid, some at a time; those that are done already aren't done again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy_ner_archs.experiments.grid import Grid, Run
from spacy_ner_archs.experiments.out_of_fold import is_cross_validated
from spacy_ner_archs.experiments.processes import Processes
from spacy_ner_archs.experiments.training import remove_unfinished, result_of, score, train

Result = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """result: of a run; None where it failed. error: why it did, in one line. is_old: whether the
    run was trained before."""

    run: Run
    result: Result | None
    error: str
    is_old: bool


def known_results(grid: Grid, folder: Path) -> list[Result | None]:
    """Of each run what its folder has from before; what was left unfinished is removed. Raises
    ValueError for a training with other settings or data, or with folds where these have none."""
    folder.mkdir(parents=True, exist_ok=True)
    for run in grid.runs:
        if run.fold is None and is_cross_validated(folder / run.folder):
            raise ValueError(f"{folder / run.folder} is cross-validated; give another folder")
    remove_unfinished(folder / run.folder for run in grid.runs)
    return [result_of(folder / run.folder, run) for run in grid.runs]


def run_all(
    grid: Grid,
    folder: Path,
    known: list[Result | None],
    *,
    test: Path | None,
    n_jobs: int,
    gpu_id: int,
    finished: Callable[[Outcome], None],
) -> list[Outcome]:
    """Train what isn't known, and score all on the test corpus, if there is one. finished: called
    with each outcome as it comes. Returns the outcomes in the order of the runs."""

    def run(i: int) -> Result:
        place = folder / grid.runs[i].folder
        result = known[i] or train(place, grid.runs[i], gpu_id, processes)
        scores = {"test": score(place, test, gpu_id, processes)} if test else {}
        return {**result, **scores}

    outcomes: dict[int, Outcome] = {}
    with (
        ThreadPoolExecutor(n_jobs) as pool,
        Processes(n_jobs) as processes,  # left first, so that the pool has nothing to wait for
    ):
        waiting = {pool.submit(run, i): i for i in range(len(grid.runs))}
        for future in as_completed(waiting):
            i = waiting[future]
            error = future.exception()
            result = future.result() if error is None else None
            reason = " ".join(str(error).split()) if error is not None else ""
            outcomes[i] = Outcome(grid.runs[i], result, reason, known[i] is not None)
            finished(outcomes[i])
    return [outcomes[i] for i in range(len(grid.runs))]
