"""One training of a grid, that is there whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import srsly
from thinc.api import Config
from weasel.util import get_checksum

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.experiments.grid import Run
from spacy_ner_archs.experiments.processes import Processes, is_alive

UNFINISHED = ".unfinished-"


def result_of(folder: Path, run: Run) -> dict[str, Any] | None:
    """The result of the training that a folder has, None where it has none.

    Raises ValueError where that was with another config, or other contents of its files.
    """
    if not (folder / "result.json").is_file():
        return None
    result: Any = srsly.read_json(folder / "result.json")
    data = checksums(run.training_config)
    if result["config"] != run.config.to_str() or result["data"] != data:
        raise ValueError(f"{folder} has a training with other settings or data; move it away")
    return result


def train(folder: Path, run: Run, gpu_id: int, processes: Processes) -> dict[str, Any]:
    """Train a pipeline, and put it into the folder when it is done. Until then it is beside it, in
    a folder that begins with `UNFINISHED` and the number of this process. Where another process was
    quicker, its training stays.

    Returns dev: p, r and f as fractions; steps; seconds; config and checksums of its files.
    """
    config = run.training_config
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(mkdtemp(prefix=f"{UNFINISHED}{os.getpid()}-", dir=folder.parent))
    config.to_disk(work / "config.cfg")
    data = checksums(config)
    begun = perf_counter()
    command = ["train", str(work / "config.cfg"), "--output", str(work), "--gpu-id", str(gpu_id)]
    log = ["--training.logger.output_file", str(work / "log.jsonl")]
    processes.run([*command, *log], work / "output.txt")
    if checksums(config) != data:
        raise ValueError("its files were changed while it was trained; run the grid again")
    best: Any = srsly.read_json(work / "model-best" / "meta.json")
    result = {
        "dev": _prf(best["performance"]),
        "steps": [row["step"] for row in srsly.read_jsonl(work / "log.jsonl")][-1],
        "seconds": perf_counter() - begun,
        "config": run.config.to_str(),
        "data": data,
    }
    replace_files({work / "result.json": srsly.json_dumps(result, indent=2)})
    try:
        work.rename(folder)
    except OSError:
        known = result_of(folder, run)
        if known is None:
            raise
        rmtree(work, ignore_errors=True)
        return known
    return result


def score(folder: Path, test: Path, gpu_id: int, processes: Processes) -> dict[str, float]:
    """p, r and f on a corpus, of the training that a folder has; scored once."""
    file = folder / "test.json"
    if file.is_file():
        known: Any = srsly.read_json(file)
        if known["data"] == get_checksum(test):
            return known["test"]
    command = ["ner", "report", str(folder / "model-best"), str(test), "--gpu-id", str(gpu_id)]
    processes.run([*command, "--output", str(folder / "report")], folder / "output.txt")
    report: Any = srsly.read_json(folder / "report" / "report.json")
    scores = _prf(report)
    found = {"test": scores, "data": get_checksum(test)}
    replace_files({file: srsly.json_dumps(found, indent=2)})
    return scores


def remove_unfinished(folders: Iterable[Path]) -> None:
    """What trainings for these folders have left whose process was killed."""
    for parent in {folder.parent for folder in folders}:
        for folder in parent.glob(f"{UNFINISHED}*"):
            if not is_alive(int(folder.name.removeprefix(UNFINISHED).split("-")[0])):
                rmtree(folder, ignore_errors=True)


def checksums(config: Config) -> dict[str, str]:
    """MD5 sums of the files and folders that a config names in its paths."""
    paths = config.interpolate().get("paths", {}).items()
    return {name: get_checksum(path) for name, path in paths if path and Path(str(path)).exists()}


def _prf(scores: dict[str, Any]) -> dict[str, float]:
    return {key: scores[f"ents_{key}"] or 0.0 for key in "prf"}
