"""What a search found, as the files of its folder."""

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

import optuna

from spacy_ner_archs.experiments.tuning import Tuning, config_of, importances
from spacy_ner_archs.reporting.charts import share_bars


def tuning_files(tuning: Tuning) -> dict[str, str]:
    """The files of a search by their names; importance.svg is there if it could be told."""
    files = {
        "best.cfg": config_of(tuning.search, tuning.study.best_params).to_str(),
        "trials.csv": trials_csv(tuning.study),
    }
    if shares := importances(tuning.study):
        files["importance.svg"] = share_bars(shares, "importance, % of the scores' variance")
    return files


def described(values: Mapping[str, Any]) -> list[str]:
    """Each setting with its value, rounded; best.cfg and trials.csv have the exact ones."""
    return [
        f"{name} = {value:.4g}" if isinstance(value, float) else f"{name} = {value}"
        for name, value in values.items()
    ]


def trials_csv(study: optuna.Study) -> str:
    """A line for each trial."""
    names = sorted({name for trial in study.trials for name in trial.params})
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["trial", "state", "score", *names])
    for trial in study.trials:
        values = [trial.params.get(name, "") for name in names]
        writer.writerow([trial.number, trial.state.name.lower(), trial.value, *values])
    return file.getvalue()
