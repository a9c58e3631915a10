"""A pipeline's wheel."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version


def check_wheel(wheel: Path, meta: Mapping[str, Any]) -> None:
    """Raises ValueError, in one line, for what isn't a wheel with this meta.json's name and
    version."""
    if not is_zipfile(wheel):
        raise ValueError("not a wheel; make one with: python -m spacy package --build wheel")
    name, version, *_ = parse_wheel_filename(wheel.name)
    own = f"{meta['lang']}_{meta['name']}"
    if name != canonicalize_name(own) or version != Version(meta["version"]):
        raise ValueError(f"it is {name} {version}, and the pipeline is {own} {meta['version']}")
