"""Which files of a folder are a pipeline's."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

#: Beside its components: what a pipeline stores, and what `spacy package` takes along.
ALWAYS = (
    *("config.cfg", "meta.json", "tokenizer", "vocab"),
    *("README.md", "LICENSE", "LICENSES_SOURCES"),
)


def pipeline_files(folder: Path, meta: Mapping[str, Any]) -> dict[str, Path]:
    """A pipeline's files by their paths in its folder, with `/`."""
    return {name: path for name, path in _all_files(folder).items() if is_pipeline_file(name, meta)}


def others(folder: Path, meta: Mapping[str, Any]) -> list[str]:
    """Paths in the folder of what is no pipeline's."""
    return [name for name in _all_files(folder) if not is_pipeline_file(name, meta)]


def is_pipeline_file(name: str, meta: Mapping[str, Any]) -> bool:
    """Whether a path in a pipeline's folder is a file that spaCy, `spacy package` or one of the
    pipeline's components stores. No hidden file is. Some components store one file, such as
    `sentencizer.json`."""
    first, *rest = name.split("/")
    if any(part.startswith(".") for part in (first, *rest)):
        return False
    components = meta.get("components", ())
    return first in (*ALWAYS, *components) or (not rest and Path(first).stem in components)


def _all_files(folder: Path) -> dict[str, Path]:
    walked = os.walk(folder, followlinks=True)
    paths = sorted(Path(parent, name) for parent, _, names in walked for name in names)
    return {path.relative_to(folder).as_posix(): path for path in paths}
