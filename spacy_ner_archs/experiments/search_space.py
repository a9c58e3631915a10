"""What the file of a search says: a config, and the values that some of its settings may take.

config: configs/bilstm_crf.cfg
settings:
  training.max_steps: 2000
space:
  training.dropout: {low: 0.2, high: 0.6}
  training.optimizer.learn_rate: {low: 0.0003, high: 0.01, log: true}
  sizes.lstm_width: {low: 100, high: 500, step: 100}
  training.batcher.size: [250, 500, 1000]
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import srsly
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from spacy_ner_archs.experiments.settings import changed_config, check_config

KEYS = {"config", "settings", "space"}


class SearchSpace(NamedTuple):
    """config: the file. settings: of all trials. space: the values of the others."""

    config: Path
    settings: dict[str, Any]
    space: dict[str, BaseDistribution]


def read_space(path: Path, settings: Mapping[str, Any]) -> SearchSpace:
    """settings: more of them, for all trials. Raises ValueError, in one line, for a mistake."""
    try:
        described = srsly.read_yaml(path)
    except Exception as error:  # of the YAML parser
        raise ValueError(f"not a YAML file: {' '.join(str(error).split())}") from error
    if not isinstance(described, dict) or not isinstance(described.get("config"), str):
        raise ValueError("no config: FILE in it")
    if unknown := described.keys() - KEYS:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; a search has {', '.join(KEYS)}")
    values = described.get("space")
    if not isinstance(values, dict) or not values:
        raise ValueError("space must name one setting or more with their values")
    space = {name: _distribution(name, value) for name, value in values.items()}
    search = SearchSpace(
        Path(described["config"]), {**(described.get("settings") or {}), **settings}, space
    )
    first = {name: _first(values) for name, values in space.items()}
    check_config(changed_config(search.config, {**search.settings, **first}))
    return search


def _distribution(name: str, value: Any) -> BaseDistribution:
    try:
        if isinstance(value, list):
            return CategoricalDistribution(value)
        kinds = {type(value[key]) for key in ("low", "high")}
        return (IntDistribution if kinds == {int} else FloatDistribution)(**value)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"space: {name} must be a list, or have low and high, and log or step: "
            f"{' '.join(str(error).split())}"
        ) from error


def _first(values: Any) -> Any:
    return values.choices[0] if isinstance(values, CategoricalDistribution) else values.low
