"""What a grid's file says: configs x settings x seeds.

config: configs/cnn_bilstm.cfg
seeds: [0, 1, 2]
settings:                      # of all runs
  training.max_epochs: 5
axes:                          # every value of each with every value of the others
  network:
    full: {}
    without BiLSTM:
      components.ner.model.tok2vec.encode: {"@architectures": ...}
  vectors:
    without: {paths.vectors: null}
    with: {config: configs/other.cfg}
"""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from thinc.api import Config

from spacy_ner_archs.experiments.settings import (
    changed_config,
    check_config,
    mapping,
    read_experiment,
)

KEYS = ("config", "seeds", "settings", "axes")
SEED = "system.seed"
#: What the grid's own seeds decide.
SEEDS = (SEED, "training.seed")


class Fold(NamedTuple):
    """number: from 0. train: .spacy file of what isn't in the fold."""

    number: int
    train: Path


class Run(NamedTuple):
    """cell: a value's name for each axis. config: with its seed, as the grid describes it. fold:
    that is held out; None where the training has the whole corpus."""

    cell: tuple[str, ...]
    seed: int
    config: Config
    fold: Fold | None = None

    @property
    def name(self) -> str:
        fold = [f"fold {self.fold.number}"] if self.fold else []
        return ", ".join((*self.cell, f"seed {self.seed}", *fold))

    @property
    def folder(self) -> Path:
        """Where it is kept, below the grid's own folder."""
        return (
            self.folder_of_seed / f"fold-{self.fold.number}" if self.fold else self.folder_of_seed
        )

    @property
    def folder_of_seed(self) -> Path:
        """Where all folds are kept."""
        names = (re.sub(r"[^\w.-]+", "_", name).lstrip(".") for name in self.cell)
        return Path("-".join(names)) / f"seed-{self.seed}"

    @property
    def training_config(self) -> Config:
        """The config of the training, which reads a fold's file."""
        config = self.config.copy()
        if self.fold:
            config["paths"]["train"] = str(self.fold.train)
        return config


class Grid(NamedTuple):
    """axes: their names. runs: cell by cell, a run for each seed."""

    axes: tuple[str, ...]
    runs: list[Run]


def read_grid(path: Path, settings: Mapping[str, Any]) -> Grid:
    """The runs of a grid's file. settings: more of them, for all runs; they take precedence over
    those of the file.

    Raises ValueError, in one line, for a file that isn't a grid's, and for settings that a config
    doesn't have, that don't fit together, or that an axis sets.
    """
    described = {"seeds": [0], "settings": {}, **read_experiment(path, KEYS)}
    seeds = described["seeds"]
    if not isinstance(seeds, list) or not seeds or not all(type(seed) is int for seed in seeds):
        raise ValueError("seeds must be a list of numbers, such as [0, 1, 2]")
    axes = mapping(described.get("axes"), "axes")
    cells = {name: mapping(values, f"axes: {name}") for name, values in axes.items()}
    if not cells or not all(cells.values()):
        raise ValueError("axes must name one axis or more, and each one value or more")
    shared = {**mapping(described["settings"], "settings"), **settings}
    runs = []
    for cell in product(*cells.values()):
        of_axes: dict[str, Any] = {}
        for axis, value in zip(axes, cell, strict=True):
            of_value = mapping(cells[axis][value], f"axes: {axis}: {value}")
            if clash := of_value.keys() & of_axes.keys():
                raise ValueError(f"two axes set {', '.join(clash)}")
            of_axes.update(of_value)
        if clash := (settings.keys() & of_axes.keys()) | ({*shared, *of_axes} & set(SEEDS)):
            raise ValueError(f"{', '.join(clash)} is set by the grid itself")
        config = of_axes.pop("config", described.get("config"))
        runs += _runs(cell, config, {**shared, **of_axes}, seeds)
    if len({str(run.folder).casefold() for run in runs}) < len(runs):
        raise ValueError(
            "seeds, and the names of an axis's values, must differ in letters or digits"
        )
    return Grid(tuple(axes), runs)


def _runs(
    cell: tuple[str, ...], config: Any, settings: dict[str, Any], seeds: list[int]
) -> list[Run]:
    if not isinstance(config, str):
        raise ValueError(f"{', '.join(cell)}: no config")
    runs = [
        Run(cell, seed, changed_config(Path(config), {**settings, SEED: seed})) for seed in seeds
    ]
    try:
        check_config(runs[0].config)
    except ValueError as error:
        raise ValueError(f"{', '.join(cell)}: {error}") from error
    return runs
