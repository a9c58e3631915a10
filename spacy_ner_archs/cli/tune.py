"""`python -m spacy ner tune`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from spacy.cli._util import parse_config_overrides

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import GpuOption, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.progress import training_progress
from spacy_ner_archs.cli.writing import write_files

if TYPE_CHECKING:
    from spacy_ner_archs.experiments.tuning import Tuning

#: Trials that may fail, such as those that are too large for the memory, before it gives up.
MOST_FAILURES = 3


def tune_cli(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file of the search, such as grids/search.yml")],
    output: Annotated[Path, typer.Argument(help="Folder for the study and the best config")],
    trials: Annotated[int, typer.Option("--trials", "-n", min=1, help="Trainings in all")] = 30,
    gpu_id: GpuOption = -1,
) -> None:
    """Search for the settings that are best on dev, with Optuna.

    Settings of all trials can follow, as for spacy train: --paths.train corpus/train.spacy
    --paths.dev corpus/dev.spacy. Once five trainings are done, one whose best score is below
    the median of theirs at the same step is stopped. A search that was stopped goes on with the
    same command; several processes can run it at once. Writes best.cfg, trials.csv and
    importance.svg.
    """
    needs("tune", "searches")
    # not at the top: the command line of spaCy loads this module whatever the command
    import optuna

    from spacy_ner_archs.experiments.search_space import read_space
    from spacy_ner_archs.experiments.tuning import Tuning
    from spacy_ner_archs.reporting.tuning_files import described, tuning_files

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    use_gpu(gpu_id)
    with failing("settings"):
        settings = parse_config_overrides(context.args)
    with failing(str(file)):
        search = read_space(file, settings)
    with failing(str(output)):
        output.mkdir(parents=True, exist_ok=True)
        tuning = Tuning(output, search, gpu_id)
    try:
        _search(tuning, trials)
    except KeyboardInterrupt:
        fail("stopped; the same command goes on with the trials that are missing")
    if tuning.n_done:
        files = tuning_files(tuning)
        write_files(str(output), output, files)
        with printing():
            best = tuning.study.best_trial
            typer.echo(f"Best score {100 * tuning.study.best_value:.2f}, trial {best.number}:")
            for setting in described(best.params):
                typer.echo(f"  {setting}")
            typer.echo(f"Wrote {output / 'best.cfg'}, {', '.join(list(files)[1:])}")


def _search(tuning: "Tuning", n_trials: int) -> None:
    from spacy_ner_archs.reporting.tuning_files import described

    failures = 0
    with training_progress() as progress:
        task = progress.add_task("trials", total=n_trials, completed=tuning.n_done)
        while trial := tuning.next_trial(n_trials):
            values = ", ".join(described(trial.params))
            try:
                done = tuning.run(trial)
            except Exception as error:
                reason = " ".join(str(error).split())
                typer.echo(f"{trial.number}: failed ({values}): {reason}", err=True)
                failures += 1
                if failures == MOST_FAILURES:
                    fail(f"{failures} trials failed; nothing is lost")
                continue
            score = f"{100 * done.value:.2f}" if done.value is not None else ""
            line = f"{done.number}: {done.state.name.lower()} {score} ({values})"
            progress.console.print(line, markup=False, highlight=False)
            progress.update(task, completed=tuning.n_done)
