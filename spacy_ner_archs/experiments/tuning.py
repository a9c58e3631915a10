"""A search for settings, by Optuna (Akiba et al. 2019)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock
from optuna.trial import FrozenTrial, TrialState
from thinc.api import Config

from spacy_ner_archs.experiments.loop import best_score
from spacy_ner_archs.experiments.processes import is_alive
from spacy_ner_archs.experiments.search_space import SearchSpace
from spacy_ner_archs.experiments.settings import changed_config
from spacy_ner_archs.experiments.training import checksums

#: Trials that count: those that ran to their end, or weren't worth it.
DONE = (TrialState.COMPLETE, TrialState.PRUNED)
#: What a trial remembers of the process that runs it.
PROCESS = "process"
#: What a study remembers of what it searches.
ABOUT = "about"


class Tuning:
    """A study in a folder, which several processes can have open.

    Raises ValueError where the folder's study is of another config, other settings or data.
    """

    def __init__(self, folder: Path, search: SearchSpace, gpu_id: int):
        self.search = search
        self.gpu_id = gpu_id
        self.lock = FileLock(folder / "study.lock")
        with self.lock:
            self.study = optuna.create_study(
                study_name="tune",
                storage=optuna.storages.RDBStorage(f"sqlite:///{folder / 'study.db'}"),
                direction="maximize",
                load_if_exists=True,
                sampler=optuna.samplers.TPESampler(constant_liar=True),
                # spaCy evaluates after the first step, too, which tells nothing
                pruner=optuna.pruners.MedianPruner(n_warmup_steps=1),
            )
            config = config_of(search, {})
            about = {
                "config": config.to_str(),
                "space": {name: repr(values) for name, values in search.space.items()},
                "data": checksums(config),
            }
            if self.study.user_attrs.get(ABOUT, about) != about:
                raise ValueError("its study has other settings, space or data; move it away")
            self.study.set_user_attr(ABOUT, about)

    def next_trial(self, n_trials: int) -> optuna.Trial | None:
        """A trial to train, None where there are as many as that, done or being trained."""
        with self.lock:
            trials = self.study.get_trials(deepcopy=False)
            for old in trials:
                process = old.user_attrs.get(PROCESS)
                if old.state == TrialState.RUNNING and not is_alive(process):
                    self.study.tell(old.number, state=TrialState.FAIL)
            if sum(t.state in (*DONE, TrialState.RUNNING) for t in self.study.trials) >= n_trials:
                return None
            trial = self.study.ask(self.search.space)
            trial.set_user_attr(PROCESS, os.getpid())
            return trial

    def run(self, trial: optuna.Trial) -> FrozenTrial:
        """Train it; what goes wrong is raised, and the trial counted as failed."""

        def evaluated(score: float, step: int) -> None:
            trial.report(score, step)
            if trial.should_prune():
                raise optuna.TrialPruned

        config = config_of(self.search, trial.params)
        try:
            score = best_score(config, evaluated, gpu_id=self.gpu_id)
        except optuna.TrialPruned:
            return self.study.tell(trial, state=TrialState.PRUNED)
        except BaseException:
            self.study.tell(trial, state=TrialState.FAIL)
            raise
        return self.study.tell(trial, score)

    @property
    def n_done(self) -> int:
        return sum(trial.state in DONE for trial in self.study.trials)


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
