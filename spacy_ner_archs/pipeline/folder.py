from pathlib import Path

from spacy.util import get_package_path, is_package


def folder_of(name: str) -> Path:
    """Where the files of a pipeline are, given by name or folder."""
    return get_package_path(name) if is_package(name) else Path(name)
