"""Checks of a builder's arguments, when it is called: a network that can't work isn't built."""

from spacy_ner_archs.decoders.lattice.entity_ratio import EntityRatio


def at_least(minimum: int, architecture: str, **arguments: int) -> None:
    """Raise ValueError, in one line, for an argument that is below a minimum."""
    for name, value in arguments.items():
        if value < minimum:
            raise ValueError(f"{architecture}: {name} must be at least {minimum}, not {value}")


def even(architecture: str, **arguments: int) -> None:
    """Raise ValueError, in one line, for a width that two directions can't share."""
    for name, value in arguments.items():
        if value % 2:
            raise ValueError(
                f"{architecture}: {name} is shared by two directions and must be even, not {value}"
            )


def check_entity_ratio(
    architecture: str, ratio: float | None, margin: float, weight: float
) -> EntityRatio | None:
    """The arguments as one; None where no ratio is given. Raises ValueError, in one line."""
    if ratio is None:
        return None
    for name, value in (("entity_ratio", ratio), ("entity_ratio_margin", margin)):
        if not 0 <= value <= 1:
            raise ValueError(f"{architecture}: {name} must be from 0 to 1, not {value}")
    if weight < 0:
        raise ValueError(f"{architecture}: entity_ratio_weight must be 0 or more, not {weight}")
    return EntityRatio(ratio, margin, weight)
