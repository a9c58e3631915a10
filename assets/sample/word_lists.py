"""Reads the lists in words/: sections `# title`, then words; `_` is the space inside a name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parent / "words"


def sections(path: Path) -> dict[str, list[str]]:
    """Title -> lines of each section. What follows a colon in a title is a note."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            lines = found.setdefault(line[2:].partition(":")[0].strip(), [])
        elif line.strip():
            lines.append(line.strip())
    return found


@cache
def read_lists(file: str) -> dict[str, list[str]]:
    """Title -> the different words of each section of words/FILE.txt, in order."""
    return {
        title: [entry.replace("_", " ") for entry in dict.fromkeys(" ".join(lines).split())]
        for title, lines in sections(WORDS / f"{file}.txt").items()
    }


def read_countries() -> list[list[str]]:
    """The columns of every country: name, adjective, people, cities (joined by spaces)."""
    return [line.split(";") for line in sections(WORDS / "countries.txt")["countries"]]
