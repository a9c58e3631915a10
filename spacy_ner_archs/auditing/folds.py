"""The trainings of an audit: each judges the part of the corpus that it hasn't seen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spacy_ner_archs.experiments.cross_validation import cross_validated
from spacy_ner_archs.experiments.grid import SEED, Grid, Run
from spacy_ner_archs.experiments.settings import changed_config, check_config

#: Folder of the pipelines, in that of the audit.
PIPELINES = "pipelines"


def fold_trainings(
    corpus: Path, config: Path, settings: Mapping[str, Any], output: Path, n_folds: int, seed: int
) -> Grid:
    """A run for each fold of the corpus. The folds' files are written into the output folder.

    settings: of the config, by dotted names. seed: of the deal and of the trainings. Raises
    ValueError, in one line, for settings and corpora that don't fit.
    """
    for name in settings.keys() & {"paths.train", SEED}:
        raise ValueError(f"{name} is set by the audit itself")
    changed = changed_config(config, {**settings, "paths.train": str(corpus), SEED: seed})
    check_config(changed)
    grid = Grid((), [Run((PIPELINES,), seed, changed)])
    return cross_validated(grid, output, n_folds, seed)
