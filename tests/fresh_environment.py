"""A virtual environment with some of this environment's distributions, and nothing else."""

import sysconfig
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def make_environment(folder: Path, names: Iterable[str]) -> Path:
    """Links to the distributions of these names, so that large ones aren't copied. Returns the
    environment's Python; its pip is this environment's, by `pip --python`."""
    venv.create(folder)
    paths = sysconfig.get_paths("venv", vars={"base": str(folder), "platbase": str(folder)})
    for name in names:
        for path in _top_level(name):
            Path(paths["purelib"], path.name).symlink_to(path)
    return Path(paths["scripts"], "python")


def _top_level(name: str) -> set[Path]:
    found = distribution(name)
    tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return {Path(str(found.locate_file(top))) for top in tops}


def with_required(names: Iterable[str]) -> set[str]:
    """The distributions of these names, and all that they require."""
    seen: set[tuple[str, str]] = set()
    todo = {(name, "") for name in names}
    while new := todo - seen:
        seen |= new
        todo = {
            pair
            for name, extra in new
            for line in requires(name) or ()
            for pair in _pairs(Requirement(line), extra)
        }
    return {name for name, _ in seen}


def _pairs(requirement: Requirement, extra: str) -> Iterator[tuple[str, str]]:
    """A required distribution, alone and with each of its extras that is required."""
    if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
        for each in ("", *requirement.extras):
            yield canonicalize_name(requirement.name), each
