"""`python -m spacy ner grid`"""

from pathlib import Path
from typing import Annotated

import typer
from spacy.cli._util import parse_config_overrides

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import GpuOption
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.trainings import STOPPED, train_all
from spacy_ner_archs.cli.writing import write_files


def grid_cli(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file of the grid, such as grids/ablation.yml")],
    output: Annotated[Path, typer.Argument(help="Folder for the trainings and their summary")],
    test: Annotated[
        Path | None, typer.Option("--test", help=".spacy file: score each training on it, too")
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", help="Cross-validate: train as often, each time without a fold"),
    ] = None,
    fold_seed: Annotated[
        int, typer.Option("--fold-seed", min=0, help="Of the deal of the Docs into folds")
    ] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Trainings at a time")] = 1,
    gpu_id: GpuOption = -1,
) -> None:
    """Train each config of a grid with each seed; tell the means.

    Settings of all of them can follow, as for spacy train: --paths.train corpus/train.spacy
    --paths.dev corpus/dev.spacy. A grid that was stopped goes on where it was, with the same
    command; what is done is not done again. Writes grid.csv, grid.md and grid.svg.

    With --folds 5, the corpus of paths.train is dealt into five folds, and each config is trained
    with each seed five times, each time without one fold, on which it is scored.
    """
    needs("project", "grids")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.experiments.cross_validation import cross_validated
    from spacy_ner_archs.experiments.grid import read_grid
    from spacy_ner_archs.experiments.held_out import with_held_out
    from spacy_ner_archs.reporting.grid_files import grid_files, summary_table
    from spacy_ner_archs.reporting.terminal import print_table

    with failing("settings"):
        settings = parse_config_overrides(context.args)
    with failing(str(file)):
        grid = read_grid(file, settings)
    if test is not None and not (test.is_file() and test.suffix == ".spacy"):
        fail(f"--test {test}: no such .spacy file")
    if folds is None and fold_seed:
        fail(f"--fold-seed {fold_seed}: give --folds, too")
    if folds is not None:
        with failing(f"--folds {folds}"):
            grid = cross_validated(grid, output, folds, fold_seed)
    results = train_all(grid, output, test=test, n_jobs=jobs, gpu_id=gpu_id)
    if folds is not None:
        try:
            with failing("scores of the held-out folds"):
                results = with_held_out(grid, output, results, n_jobs=jobs, gpu_id=gpu_id)
        except KeyboardInterrupt:
            fail(STOPPED)
    write_files(str(output), output, grid_files(grid, results, str(output)))
    with printing():
        print_table(summary_table(grid, results))
        typer.echo(f"Wrote {output / 'grid.csv'}, grid.md and grid.svg")
