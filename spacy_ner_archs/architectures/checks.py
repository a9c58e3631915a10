"""Checks of a builder's arguments, when it is called: a network that can't work isn't built."""


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
