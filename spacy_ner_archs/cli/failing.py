"""How a command ends on a user's mistake: with one line, and exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from spacy_ner_archs.extras import require_extra


def fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def needs(extra: str, what: str) -> None:
    """Begin a command, or what it does on an option, that only an extra makes possible."""
    try:
        require_extra(extra, what)
    except ImportError as error:
        fail(str(error))


@contextmanager
def failing(what: str) -> Iterator[None]:
    """Whatever goes wrong here is a mistake in `what`, and told in a line."""
    try:
        yield
    except Exception as error:
        reason = " ".join(_reason(what, error).split()) or type(error).__name__
        fail(f"{what}: {reason:.300}")


def _reason(what: str, error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        named = "" if str(error.filename) == what else f"{error.filename}: "
        return named + error.strerror
    return str(error)
