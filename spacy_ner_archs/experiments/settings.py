"""A config with some of its settings changed."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import srsly
from spacy.util import load_config_from_str, load_model_from_config
from thinc.api import Config


def changed_config(path: Path, settings: Mapping[str, Any]) -> Config:
    """The config of a file with its defaults filled in, and with other values for some settings,
    not interpolated.

    settings: by dotted names, such as training.dropout, in their order. A mapping takes the place
    of a whole section. Raises ValueError, in one line, for what the config doesn't have, and for a
    section that takes the place of one in which something was set before.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such config")
    config = _filled(path.read_text(encoding="utf-8")).copy()
    names = list(settings)
    for i, (name, value) in enumerate(settings.items()):
        if lost := [other for other in names[:i] if other.startswith(f"{name}.")]:
            raise ValueError(f"{name} is set as a whole, and {lost[0]} would be lost in it")
        *sections, last = name.split(".")
        section: Any = config
        for key in sections:
            section = section.get(key) if isinstance(section, Mapping) else None
        if not isinstance(section, Mapping) or last not in section:
            raise ValueError(f"{path} has no {name}")
        section[last] = deepcopy(value)  # type: ignore[index]
    return config


@cache  # building the pipeline takes a while, and a grid asks for each of its trainings
def _filled(text: str) -> Config:
    try:
        return load_model_from_config(load_config_from_str(text), auto_fill=True).config
    except Exception as error:  # registries and architectures raise all kinds of them
        raise ValueError(" ".join(str(error).split())) from error


def check_config(config: Config) -> None:
    """Build the pipeline; raises ValueError, in one line, where that can't be done."""
    try:
        load_model_from_config(config.interpolate(), auto_fill=True)
    except Exception as error:  # registries and architectures raise all kinds of them
        raise ValueError(" ".join(str(error).split())) from error


def read_experiment(path: Path, keys: Collection[str]) -> dict[str, Any]:
    """The mapping in an experiment's YAML file. Raises ValueError, in one line, for other keys."""
    try:
        described = srsly.read_yaml(path)
    except Exception as error:  # of the YAML parser
        raise ValueError(f"not a YAML file: {' '.join(str(error).split())}") from error
    described = mapping(described, "the file")
    if unknown := described.keys() - set(keys):
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; it can have {', '.join(keys)}")
    return described


def mapping(value: Any, what: str) -> dict[str, Any]:
    """Raises ValueError for what isn't a mapping with texts for names."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} must be a mapping, with lines of NAME: VALUE")
    if odd := [name for name in value if not isinstance(name, str)]:
        raise ValueError(f"{what}: put {odd[0]} into quotes")
    return value
