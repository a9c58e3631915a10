"""What a package of a pipeline can be called: names that `spacy package` takes, and that its files
have in pip's hands, too; and whether a name is one's."""

import re
from pathlib import Path

from packaging.version import InvalidVersion, Version
from spacy.util import is_package

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")


def check_name(name: str, lang: str) -> None:
    """Raises ValueError, in one line, for what can't be a package's name after its language."""
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} can't name a package; take letters and digits (ASCII), the first a letter, "
            "and single underscores between them"
        )
    if name.startswith(f"{lang}_"):
        raise ValueError(f"{name!r} begins with the language; leave {lang}_ out")


def check_version(version: str) -> None:
    """Raises ValueError, in one line, for what isn't a version, or not as pip writes it
    (PEP 440)."""
    try:
        normal = str(Version(version))
    except InvalidVersion:
        raise ValueError(f"{version!r} is not a version; write it like 0.1.0") from None
    if version != normal:
        raise ValueError(f"{version!r} is not as pip writes it; write {normal}")


def is_pipeline(name: str) -> bool:
    """Whether an installed package or a pipeline's folder has this name."""
    return (Path(name) / "config.cfg").is_file() or is_package(name)
