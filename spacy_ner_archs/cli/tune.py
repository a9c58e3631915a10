"""`python -m spacy ner tune`"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from spacy.cli._util import parse_config_overrides, setup_gpu

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.predicting import GpuOption

if TYPE_CHECKING:
    from optuna import Study

    from spacy_ner_archs.experiments.search_space import SearchSpace


def tune_cli(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML file of the search, such as grids/tune.yml")],
    output: Annotated[Path, typer.Argument(help="Folder for the study and the best config")],
    trials: Annotated[int, typer.Option("--trials", "-n", min=1, help="Trainings in all")] = 30,
    gpu_id: GpuOption = -1,
) -> None:
    """Search for the settings that are best on dev, with Optuna.

    Settings of all trials can follow, as for spacy train: --paths.train corpus/train.spacy
    --paths.dev corpus/dev.spacy. A training that is below the median of the others at the same
    step is stopped. A search that was stopped goes on with the same command; several processes
    can run it at once. Writes best.cfg, trials.csv and importance.svg.
    """
    if find_spec("optuna") is None:
        fail("tuning needs an extra: pip install 'spacy-ner-archs[tune]'")
    # not at the top: the command line of spaCy loads this module whatever the command
    import optuna

    from spacy_ner_archs.experiments.search_space import read_space
    from spacy_ner_archs.experiments.tuning import open_study

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with failing(f"--gpu-id {gpu_id}"):
        setup_gpu(gpu_id)
    with failing(str(file)):
        search = read_space(file, parse_config_overrides(context.args))
    with failing(str(output)):
        output.mkdir(parents=True, exist_ok=True)
        study = open_study(output, search)
    try:
        _search(study, search, trials, gpu_id)
    except KeyboardInterrupt:
        fail("stopped; the same command goes on with the trials that are missing")
    _write(study, search, output)


def _search(study: "Study", search: "SearchSpace", n_trials: int, gpu_id: int) -> None:
    from spacy_ner_archs.experiments.tuning import n_done, run_trial

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn()) as progress:
        task = progress.add_task("trials", total=n_trials, completed=n_done(study))
        while n_done(study) < n_trials:
            with failing("a trial can't be trained"):
                trial = run_trial(study, search, gpu_id)
            score = f"{100 * trial.value:.2f}" if trial.value is not None else ""
            values = ", ".join(f"{name} {value}" for name, value in trial.params.items())
            state = trial.state.name.lower()
            progress.console.print(f"{trial.number}: {state} {score} ({values})", highlight=False)
            progress.update(task, completed=n_done(study))


def _write(study: "Study", search: "SearchSpace", output: Path) -> None:
    from spacy_ner_archs.experiments.tuning import config_of, importances, to_csv
    from spacy_ner_archs.reporting.charts import share_bars

    with failing(str(output)):
        config_of(search, study.best_params).to_disk(output / "best.cfg")
        (output / "trials.csv").write_text(to_csv(study), encoding="utf-8")
        shares = importances(study)
        if shares:
            chart = share_bars(shares, "importance, % of the scores' variance")
            (output / "importance.svg").write_text(chart, encoding="utf-8")
    typer.echo(f"Best score {100 * study.best_value:.2f}, trial {study.best_trial.number}:")
    for name, value in study.best_params.items():
        typer.echo(f"  {name} = {value}")
    picture = ", importance.svg" if shares else ""
    typer.echo(f"Wrote {output / 'best.cfg'}, trials.csv{picture}")
