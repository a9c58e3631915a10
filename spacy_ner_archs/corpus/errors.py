"""What conversion raises: every message is one line that says what to do."""

from pathlib import Path


class ConversionError(ValueError):
    """The conversion can't be done as asked."""


class CorpusError(ConversionError):
    """A file is at fault.

    path (Path): The file.
    line (int | None): Its line, from 1; None where no line is to blame.
    reason (str): What is wrong and what to do, in one line.
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if line is None else f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason
