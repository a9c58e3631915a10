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

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from spacy_ner_archs.experiments.settings import (
    changed_config,
    check_config,
    mapping,
    read_experiment,
)

KEYS = ("config", "settings", "space")


class SearchSpace(NamedTuple):
    """config: the file. settings: of all trials. space: the values of the others."""

    config: Path
    settings: dict[str, Any]
    space: dict[str, BaseDistribution]


def read_space(path: Path, settings: Mapping[str, Any]) -> SearchSpace:
    """settings: more of them, for all trials. Raises ValueError, in one line, for a mistake."""
    described = {"settings": {}, **read_experiment(path, KEYS)}
    if not isinstance(described.get("config"), str):
        raise ValueError("no config: FILE in it")
    values = mapping(described.get("space"), "space")
    if not values:
        raise ValueError("space must name one setting or more with their values")
    if clash := settings.keys() & values.keys():
        raise ValueError(f"{', '.join(clash)} is in the space itself")
    space = {name: _distribution(name, value) for name, value in values.items()}
    search = SearchSpace(
        Path(described["config"]), {**mapping(described["settings"], "settings"), **settings}, space
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
