"""How a command ends that is told to stop."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: drafts are removed, and trainings that it started end."""
    command = os.getpid()

    def interrupt(number: int, frame: FrameType | None) -> None:
        # a fork (wasabi's spinner, `nlp.pipe`'s workers) has copied this command's stack: unwound
        # there, the command would end twice
        if os.getpid() != command:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
