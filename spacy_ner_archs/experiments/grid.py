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

import srsly
from thinc.api import Config

from spacy_ner_archs.experiments.settings import changed_config, check_config

KEYS = {"config", "seeds", "settings", "axes"}


class Run(NamedTuple):
    """cell: a value's name for each axis. config: of the training, with its seed."""

    cell: tuple[str, ...]
    seed: int
    config: Config

    @property
    def folder(self) -> Path:
        """Where it is kept, below the grid's own folder."""
        names = (re.sub(r"[^\w.-]+", "_", name) for name in self.cell)
        return Path("-".join(names)) / f"seed-{self.seed}"


class Grid(NamedTuple):
    """axes: their names. runs: cell by cell, a run for each seed."""

    axes: tuple[str, ...]
    runs: list[Run]


def read_grid(path: Path, settings: Mapping[str, Any]) -> Grid:
    """The runs of a grid's file. settings: more of them, for all runs, which take precedence.

    Raises ValueError, in one line, for a file that isn't a grid's, and for settings that a config
    doesn't have or that don't fit together.
    """
    try:
        described = srsly.read_yaml(path)
    except Exception as error:  # of the YAML parser
        raise ValueError(f"not a YAML file: {' '.join(str(error).split())}") from error
    described = {"seeds": [0], "settings": {}, **_mapping(described, "the file")}
    if unknown := described.keys() - KEYS:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; a grid has {', '.join(KEYS)}")
    seeds = described["seeds"]
    if not isinstance(seeds, list) or not seeds or not all(type(seed) is int for seed in seeds):
        raise ValueError("seeds must be a list of numbers, such as [0, 1, 2]")
    axes = _mapping(described.get("axes"), "axes")
    if not axes:
        raise ValueError("axes must name one axis or more")
    shared = _mapping(described["settings"], "settings")
    runs = []
    for cell in product(*(_mapping(values, f"axes: {name}") for name, values in axes.items())):
        of_cell = {"config": described.get("config"), **shared}
        for axis, value in zip(axes, cell, strict=True):
            of_cell.update(_mapping(axes[axis][value], f"axes: {axis}: {value}"))
        runs += _runs(tuple(map(str, cell)), {**of_cell, **settings}, seeds)
    if len({run.folder for run in runs}) < len(runs):
        raise ValueError("seeds and the names of an axis's values must differ")
    return Grid(tuple(map(str, axes)), runs)


def _runs(cell: tuple[str, ...], settings: dict[str, Any], seeds: list[int]) -> list[Run]:
    config = settings.pop("config")
    if not isinstance(config, str):
        raise ValueError(f"{' '.join(cell)}: no config")
    runs = [
        Run(cell, seed, changed_config(Path(config), {**settings, "system.seed": seed}))
        for seed in seeds
    ]
    try:
        check_config(runs[0].config)
    except ValueError as error:
        raise ValueError(f"{' '.join(cell)}: {error}") from error
    return runs


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} must be a mapping, with lines of NAME: VALUE")
    return value
