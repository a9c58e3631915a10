"""One training in a process of its own, that is there whole or not at all."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import srsly
from thinc.api import Config

UNFINISHED = ".unfinished-"

#: Starts a command, waits for it, and gives its exit status; output goes to the file.
Start = Callable[[list[str], Path], int]


def result_of(folder: Path, config: Config) -> dict[str, Any] | None:
    """The result of a training with this config, if the folder has it."""
    file = folder / "result.json"
    if not file.is_file() or (folder / "config.cfg").read_text("utf-8") != config.to_str():
        return None
    return srsly.read_json(file)  # type: ignore[return-value]


def train(
    folder: Path, config: Config, test: Path | None, gpu_id: int, start: Start
) -> dict[str, Any]:
    """Train a pipeline, score it on test if that is given, and put all of it into the folder when
    it is done. Until then it is beside it, in a folder that begins with `UNFINISHED`.

    Returns dev and, if scored, test: p, r and f as fractions; steps; seconds. Raises ValueError,
    with the last line that the training printed, where it fails.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    config.to_disk(work / "config.cfg")
    begun = perf_counter()
    command = ["train", str(work / "config.cfg"), "--output", str(work)]
    log = ["--training.logger.output_file", str(work / "log.jsonl")]
    _run([*command, *log, "--gpu-id", str(gpu_id)], work, start)
    seconds = perf_counter() - begun
    best = srsly.read_json(work / "model-best" / "meta.json")["performance"]
    steps = [row["step"] for row in srsly.read_jsonl(work / "log.jsonl")]
    result = {"dev": _prf(best), "steps": steps[-1], "seconds": seconds}
    if test is not None:
        command = ["ner", "report", str(work / "model-best"), str(test), "--output"]
        _run([*command, str(work / "report"), "--gpu-id", str(gpu_id)], work, start)
        result["test"] = _prf(srsly.read_json(work / "report" / "report.json"))
    (work / "result.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
    rmtree(folder, ignore_errors=True)  # of a training with other settings
    work.rename(folder)
    return result


def remove_unfinished(root: Path) -> None:
    """What trainings that were killed have left."""
    for folder in root.rglob(f"{UNFINISHED}*"):
        rmtree(folder, ignore_errors=True)


def _run(arguments: list[str], work: Path, start: Start) -> None:
    output = work / "output.txt"
    if start([sys.executable, "-m", "spacy", *arguments], output) != 0:
        lines = output.read_text("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no output")
        raise ValueError(f"{last} (all of it: {output})")


def _prf(scores: dict[str, Any]) -> dict[str, float]:
    return {key: scores[f"ents_{key}"] for key in "prf"}


class Processes:
    """Starts commands, and ends those that still run when it is left."""

    def __init__(self, n_at_once: int):
        threads = max(1, (os.cpu_count() or 1) // n_at_once)
        self.environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        self.running: set[subprocess.Popen] = set()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for process in list(self.running):
            process.terminate()

    def start(self, command: list[str], output: Path) -> int:
        with output.open("ab") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=subprocess.STDOUT, env=self.environment
            )
            self.running.add(process)
            try:
                return process.wait()
            finally:
                self.running.discard(process)
