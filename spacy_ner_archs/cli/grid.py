"""`python -m spacy ner grid`"""

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from spacy.cli._util import parse_config_overrides

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.predicting import GpuOption

if TYPE_CHECKING:
    from spacy_ner_archs.experiments.grid import Grid


def grid_cli(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file of the grid, such as grids/ablation.yml")],
    output: Annotated[Path, typer.Argument(help="Folder for the trainings and their summary")],
    test: Annotated[
        Path | None, typer.Option("--test", help=".spacy file: score each training on it, too")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Trainings at a time")] = 1,
    gpu_id: GpuOption = -1,
) -> None:
    """Train each config of a grid with each seed, and tell the means.

    Settings of all of them can follow, as for spacy train: --paths.train corpus/train.spacy
    --paths.dev corpus/dev.spacy. A grid that was stopped goes on where it was, with the same
    command; what is done is not done again. Writes grid.csv, grid.md and grid.svg.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.experiments.grid import read_grid

    settings = parse_config_overrides(context.args)
    with failing(str(file)):
        grid = read_grid(file, settings)
    if test is not None and not test.is_file():
        fail(f"--test {test}: no such file")
    with failing(str(output)):
        output.mkdir(parents=True, exist_ok=True)
    results, errors = _train_all(grid, output, test, jobs, gpu_id)
    for name, error in errors.items():
        typer.echo(f"{name}: {error}", err=True)
    if errors:
        fail(f"{len(errors)} of {len(grid.runs)} trainings failed; the others are kept in {output}")
    _write(grid, [results[i] for i in range(len(grid.runs))], output)


def _train_all(
    grid: "Grid", output: Path, test: Path | None, jobs: int, gpu_id: int
) -> tuple[dict[int, dict[str, Any]], dict[str, str]]:
    """The results by the runs' numbers, and the errors by their names."""
    from spacy_ner_archs.experiments.training import (
        Processes,
        remove_unfinished,
        result_of,
        train,
    )

    remove_unfinished(output)
    known = {i: result_of(output / run.folder, run.config) for i, run in enumerate(grid.runs)}
    results = {i: r for i, r in known.items() if r is not None and (test is None or "test" in r)}
    errors: dict[str, str] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        Progress(*columns, TimeRemainingColumn()) as progress,
        Processes(jobs) as processes,
        ThreadPoolExecutor(jobs) as pool,
    ):
        task = progress.add_task("trainings", total=len(grid.runs), completed=len(results))
        waiting = {
            pool.submit(train, output / run.folder, run.config, test, gpu_id, processes.start): i
            for i, run in enumerate(grid.runs)
            if i not in results
        }
        try:
            for future in as_completed(waiting):
                i = waiting[future]
                name = " ".join((*grid.runs[i].cell, f"seed {grid.runs[i].seed}"))
                try:
                    results[i] = future.result()
                    progress.console.print(f"{name}: dev F1 {100 * results[i]['dev']['f']:.2f}")
                except ValueError as error:
                    errors[name] = str(error)
                progress.advance(task)
        except KeyboardInterrupt:
            processes.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            fail("stopped; the same command goes on with the trainings that are missing")
    return results, errors


def _write(grid: "Grid", results: list[dict[str, Any]], output: Path) -> None:
    from spacy_ner_archs.experiments.summary import scores_of, summary_table, to_csv
    from spacy_ner_archs.reporting.charts import seed_bars
    from spacy_ner_archs.reporting.markdown import to_markdown
    from spacy_ner_archs.reporting.terminal import print_table

    table = summary_table(grid, results)
    print_table(table)
    part = "test" if "test" in results[0] else "dev"
    scores = {", ".join(cell): f1 for cell, f1 in scores_of(grid, results, part).items()}
    with failing(str(output)):
        (output / "grid.csv").write_text(to_csv(grid, results), encoding="utf-8")
        (output / "grid.md").write_text(to_markdown(str(output), [table]), encoding="utf-8")
        (output / "grid.svg").write_text(seed_bars(scores, f"F1 on {part}, %"), encoding="utf-8")
    typer.echo(f"Wrote {output / 'grid.csv'}, grid.md and grid.svg")
