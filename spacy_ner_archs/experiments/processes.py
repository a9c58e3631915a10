"""Commands in processes of their own, that end with the one that started them."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Lock

#: Would change settings behind a config's back.
OVERRIDES = "SPACY_CONFIG_OVERRIDES"


class CommandError(Exception):
    """A command that failed: the last line that it printed, and where all of it is."""


class Processes:
    """Runs spaCy's commands, some at a time, and ends those that still run when it is left."""

    def __init__(self, n_at_once: int):
        cores = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)
        threads = max(1, len(cores) // n_at_once)
        self.environment = {"OMP_NUM_THREADS": str(threads), **os.environ}
        self.environment.pop(OVERRIDES, None)
        self.running: set[subprocess.Popen] = set()
        self.lock = Lock()
        self.is_stopped = False

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, arguments: list[str], output: Path) -> None:
        """Run `python -m spacy` with these arguments; what it prints goes to the file. Raises
        CommandError where it fails."""
        command = [sys.executable, "-m", "spacy", *arguments]
        with output.open("ab") as file:
            with self.lock:
                if self.is_stopped:
                    raise CommandError("stopped")
                process = subprocess.Popen(
                    command, stdout=file, stderr=subprocess.STDOUT, env=self.environment
                )
                self.running.add(process)
            try:
                status = process.wait()
            finally:
                self.running.discard(process)
        if status != 0:
            raise CommandError(f"{_last_line(output)} (all of it: {output})")

    def stop(self) -> None:
        """End what runs; nothing starts any more."""
        with self.lock:
            self.is_stopped = True
            for process in list(self.running):  # `run` takes them out, without the lock
                process.terminate()


def _last_line(output: Path) -> str:
    """What says best why a command failed: spaCy's errors may end with the config, as a mapping."""
    lines = [line.strip() for line in output.read_text("utf-8", "replace").split("\n")]
    said = [line for line in lines if line and not line.startswith("{")]
    return f"{said[-1]:.200}" if said else "no output"


def is_alive(process: int | None) -> bool:
    """Whether there is another process of this number. One of our own number was an earlier one:
    in a container each may be number 1."""
    if process is None or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
