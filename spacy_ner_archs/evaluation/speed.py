"""What a pipeline costs: time to load, size on disk."""

from pathlib import Path
from time import perf_counter

from spacy.language import Language
from spacy.util import get_package_path, is_package, load_model


def load_timed(name: str) -> tuple[Language, float]:
    """A pipeline, by name or folder, and the seconds that it took to load."""
    start = perf_counter()
    nlp = load_model(name)
    return nlp, perf_counter() - start


def size_of(name: str) -> int:
    """Bytes of a pipeline's files, by name or folder."""
    return sum(file.stat().st_size for file in folder_of(name).rglob("*") if file.is_file())


def folder_of(name: str) -> Path:
    """Where a pipeline's files are."""
    return get_package_path(name) if is_package(name) else Path(name)
