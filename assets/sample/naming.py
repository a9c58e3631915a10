"""A name and its forms, and ways to put names together from word lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Name:
    """A name: its label (None for plain words), and its forms ("full", "short", "adj" ...)."""

    label: str | None
    forms: dict[str, str]


def name(label: str | None, full: str, short: str | None = None, **forms: str) -> Name:
    """A name; `short` is what a text calls it from the second mention on."""
    return Name(label, {"full": full, "short": short or full, **forms})


def plain(label: str | None, forms: Iterable[str]) -> list[Name]:
    """Names with a single form."""
    return [name(label, form) for form in forms]


def pairs(rng: Random, pattern: str, first: list[str], second: list[str], number: int) -> list[str]:
    """`number` different combinations of two lists, put into `pattern`."""
    every = [pattern.format(a, b) for a in first for b in second]
    rng.shuffle(every)
    return every[:number]


def filled(rng: Random, patterns: list[str], fillings: Iterable[str]) -> list[str]:
    """Each filling, put into one of the patterns."""
    return [rng.choice(patterns).format(filling) for filling in fillings]
