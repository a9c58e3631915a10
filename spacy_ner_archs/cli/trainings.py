"""The trainings of a grid, with a bar, for commands that need them."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.progress import training_progress

if TYPE_CHECKING:
    from spacy_ner_archs.experiments.grid import Grid
    from spacy_ner_archs.experiments.scheduler import Outcome, Result

STOPPED = "stopped; the same command goes on with the trainings that are missing"


def train_all(
    grid: "Grid", output: Path, *, test: Path | None, n_jobs: int, gpu_id: int
) -> "list[Result]":
    """Train what the output folder doesn't have; the results of all, in the order of the runs. A
    training that fails ends the command when the others are done."""
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.experiments.scheduler import known_results, run_all

    with failing(str(output)):
        known = known_results(grid, output)
    try:
        with training_progress() as progress:
            task = progress.add_task("trainings", total=len(grid.runs))

            def finished(outcome: "Outcome") -> None:
                if outcome.result:
                    progress.console.print(_told(outcome), markup=False, highlight=False)
                progress.advance(task)

            outcomes = run_all(
                grid, output, known, test=test, n_jobs=n_jobs, gpu_id=gpu_id, finished=finished
            )
    except KeyboardInterrupt:
        fail(STOPPED)
    failed = [outcome for outcome in outcomes if outcome.error]
    for outcome in failed:
        typer.echo(f"{outcome.run.name}: {outcome.error}", err=True)
    if failed:
        fail(f"{len(failed)} of {len(outcomes)} trainings failed; the others are kept in {output}")
    return [outcome.result for outcome in outcomes if outcome.result]


def _told(outcome: "Outcome") -> str:
    assert outcome.result is not None
    f1 = f"{100 * outcome.result['dev']['f']:.2f}"
    return f"{outcome.run.name}: dev F1 {f1}{' (done before)' * outcome.is_old}"
