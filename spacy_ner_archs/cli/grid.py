"""`python -m spacy ner grid`"""

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from spacy.cli._util import parse_config_overrides

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.predicting import GpuOption
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.progress import training_progress
from spacy_ner_archs.drafts import replace_files

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
    """Train each config of a grid with each seed; tell the means.

    Settings of all of them can follow, as for spacy train: --paths.train corpus/train.spacy
    --paths.dev corpus/dev.spacy. A grid that was stopped goes on where it was, with the same
    command; what is done is not done again. Writes grid.csv, grid.md and grid.svg.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.experiments.grid import read_grid
    from spacy_ner_archs.experiments.training import remove_unfinished, result_of

    with failing("settings"):
        settings = parse_config_overrides(context.args)
    with failing(str(file)):
        grid = read_grid(file, settings)
    if test is not None and not (test.is_file() and test.suffix == ".spacy"):
        fail(f"--test {test}: no such .spacy file")
    folders = [output / run.folder for run in grid.runs]
    with failing(str(output)):
        output.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folders)
        known = [result_of(f, run.config) for f, run in zip(folders, grid.runs, strict=True)]
    results, errors = _run_all(grid, folders, known, test, jobs, gpu_id)
    for name, error in errors.items():
        typer.echo(f"{name}: {error}", err=True)
    if errors:
        fail(f"{len(errors)} of {len(grid.runs)} trainings failed; the others are kept in {output}")
    _write(grid, [results[i] for i in range(len(grid.runs))], output)


def _run_all(
    grid: "Grid",
    folders: list[Path],
    known: list[dict[str, Any] | None],
    test: Path | None,
    jobs: int,
    gpu_id: int,
) -> tuple[dict[int, dict[str, Any]], dict[str, str]]:
    """The results by the runs' numbers, and the errors by their names."""
    from spacy_ner_archs.experiments.processes import Processes
    from spacy_ner_archs.experiments.training import score, train

    def run(i: int) -> dict[str, Any]:
        result = known[i] or train(folders[i], grid.runs[i].config, gpu_id, processes)
        scores = {"test": score(folders[i], test, gpu_id, processes)} if test else {}
        return {**result, **scores}

    results: dict[int, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    try:
        with (
            training_progress() as progress,
            ThreadPoolExecutor(jobs) as pool,
            Processes(jobs) as processes,  # left first, so that the pool has nothing to wait for
        ):
            task = progress.add_task("trainings", total=len(grid.runs))
            waiting = {pool.submit(run, i): i for i in range(len(grid.runs))}
            for future in as_completed(waiting):
                i = waiting[future]
                try:
                    results[i] = future.result()
                except Exception as error:
                    errors[grid.runs[i].name] = " ".join(str(error).split())
                else:
                    f1 = f"{100 * results[i]['dev']['f']:.2f}"
                    line = f"{grid.runs[i].name}: dev F1 {f1}{' (done before)' * bool(known[i])}"
                    progress.console.print(line, markup=False, highlight=False)
                progress.advance(task)
    except KeyboardInterrupt:
        fail("stopped; the same command goes on with the trainings that are missing")
    return results, errors


def _write(grid: "Grid", results: list[dict[str, Any]], output: Path) -> None:
    from spacy_ner_archs.experiments.summary import scores_of, summary_table, to_csv
    from spacy_ner_archs.reporting.charts import seed_dots
    from spacy_ner_archs.reporting.markdown import to_markdown
    from spacy_ner_archs.reporting.terminal import print_table

    table = summary_table(grid, results)
    part = "test" if "test" in results[0] else "dev"
    scores = {", ".join(cell): f1 for cell, f1 in scores_of(grid, results, part).items()}
    contents = {
        "grid.csv": to_csv(grid, results),
        "grid.md": to_markdown(str(output), [table]),
        "grid.svg": seed_dots(scores, f"F1 on {part}, %"),
    }
    with failing(str(output)):
        replace_files({output / name: content for name, content in contents.items()})
    with printing():
        print_table(table)
        typer.echo(f"Wrote {output / 'grid.csv'}, grid.md and grid.svg")
