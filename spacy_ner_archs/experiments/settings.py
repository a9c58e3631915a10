"""A config with some of its settings changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spacy.util import load_config, load_model_from_config
from thinc.api import Config


def changed_config(path: Path, settings: Mapping[str, Any]) -> Config:
    """The config of a file with other values for some settings, not interpolated.

    settings: by dotted names, such as training.dropout. A mapping takes the place of a whole
    section. Raises ValueError, in one line, for what the config doesn't have.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such config")
    config = load_config(path)
    for name, value in settings.items():
        *sections, last = name.split(".")
        section: Any = config
        for key in sections:
            section = section.get(key) if isinstance(section, Mapping) else None
        if not isinstance(section, Mapping) or last not in section:
            raise ValueError(f"{path} has no {name}")
        section[last] = value  # type: ignore[index]
    return config


def check_config(config: Config) -> None:
    """Build the pipeline; raises ValueError, in one line, where that can't be done."""
    try:
        load_model_from_config(config.interpolate(), auto_fill=False)
    except Exception as error:  # registries and architectures raise all kinds of them
        raise ValueError(" ".join(str(error).split())) from error
