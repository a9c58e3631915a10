"""A search for settings, by Optuna (Akiba et al. 2019)."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState
from thinc.api import Config

from spacy_ner_archs.experiments.loop import best_score
from spacy_ner_archs.experiments.search_space import SearchSpace
from spacy_ner_archs.experiments.settings import changed_config

#: Trials that count: those that ran to their end, or weren't worth it.
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


def open_study(folder: Path, search: SearchSpace) -> optuna.Study:
    """The study in a folder, a new one where there is none; several processes can have it open.

    Raises ValueError where it is of another config or other settings.
    """
    storage = optuna.storages.RDBStorage(
        f"sqlite:///{folder / 'study.db'}",
        engine_kwargs={"connect_args": {"timeout": 60}},
    )
    study = optuna.create_study(
        study_name="tune",
        storage=storage,
        direction="maximize",
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(constant_liar=True),
        pruner=optuna.pruners.MedianPruner(),
    )
    config = config_of(search, {}).to_str()
    if study.user_attrs.setdefault("config", config) != config:
        raise ValueError("its study has another config or other settings; give another folder")
    study.set_user_attr("config", config)
    return study


def n_done(study: optuna.Study) -> int:
    return sum(trial.state in DONE for trial in study.trials)


def run_trial(study: optuna.Study, search: SearchSpace, gpu_id: int) -> FrozenTrial:
    """Train once, with the values that the study asks for."""
    trial = study.ask(search.space)

    def evaluated(score: float, step: int) -> None:
        trial.report(score, step)
        if trial.should_prune():
            raise optuna.TrialPruned

    try:
        score = best_score(config_of(search, trial.params), evaluated, gpu_id=gpu_id)
    except optuna.TrialPruned:
        return study.tell(trial, state=TrialState.PRUNED)
    except BaseException:
        study.tell(trial, state=TrialState.FAIL)
        raise
    return study.tell(trial, score)


def config_of(search: SearchSpace, values: Mapping[str, Any]) -> Config:
    return changed_config(search.config, {**search.settings, **values})


def importances(study: optuna.Study) -> dict[str, float]:
    """Shares of the scores' variance that the settings explain (fANOVA, Hutter et al. 2014); empty
    with too few trials to tell."""
    complete = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    if len({trial.value for trial in complete}) < 2:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    return optuna.importance.get_param_importances(study, evaluator=evaluator)


def to_csv(study: optuna.Study) -> str:
    """A line for each trial."""
    names = sorted({name for trial in study.trials for name in trial.params})
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["trial", "state", "score", *names])
    for trial in study.trials:
        values = [trial.params.get(name, "") for name in names]
        writer.writerow([trial.number, trial.state.name.lower(), trial.value, *values])
    return file.getvalue()
