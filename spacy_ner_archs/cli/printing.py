"""What commands print, and who may stop reading it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def printing() -> Iterator[None]:
    """The reader of what is printed here may leave early, as `head` does. That is no mistake: the
    rest isn't printed, and the command goes on. Write the files first."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # what waits in the buffer goes nowhere, or Python would complain of it at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
