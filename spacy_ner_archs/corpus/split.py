"""Parts of a corpus for training, development and test."""

import math
import random
from collections.abc import Sequence
from typing import TypeVar

from spacy_ner_archs.corpus.errors import ConversionError

PARTS = ("train", "dev", "test")

T = TypeVar("T")


def parse_split(value: str) -> dict[str, float]:
    """The parts and their shares, from "70,10,20" (train, dev, test) or "80,20" (train, dev).

    Only the ratio of the shares matters: 7,1,2 is the same.
    """
    try:
        shares = [float(share) for share in value.split(",")]
    except ValueError:
        shares = []
    positive = all(share > 0 for share in shares) and sum(shares) < math.inf
    if len(shares) not in (2, 3) or not positive:
        raise ConversionError(
            f"--split {value}: give two or three positive numbers, as in 70,10,20"
        )
    return dict(zip(PARTS, shares, strict=False))


def describe_shares(shares: dict[str, float]) -> str:
    total = sum(shares.values())
    return ", ".join(f"{name} {share / total:.1%}" for name, share in shares.items())


def partition(units: Sequence[T], shares: dict[str, float], seed: int) -> dict[str, list[T]]:
    """Deal the units out at random, each to one part; a part keeps the order of the units.

    units (Sequence[T]): What must stay together: documents, where the file marks them.
    """
    order = list(range(len(units)))
    random.Random(seed).shuffle(order)
    total = sum(shares.values())
    parts: dict[str, list[T]] = {}
    dealt = 0.0
    for name, share in shares.items():
        start = round(len(units) * dealt / total)
        dealt += share
        stop = round(len(units) * dealt / total)
        if start == stop:
            reason = f"{name} would be empty, with {len(units)} documents or Docs to deal out"
            raise ConversionError(f"--split: {reason}; leave it out or change the shares")
        parts[name] = [units[i] for i in sorted(order[start:stop])]
    return parts
