"""How a training went: spaCy's console logger writes it to a file.

[training.logger]
@loggers = "spacy.ConsoleLogger.v3"
output_file = "training/log.jsonl"
"""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path
from typing import Any

import srsly
from spacy.util import load_config, registry


@dataclass(frozen=True)
class Point:
    """An evaluation during training.

    loss: mean of a step since the evaluation before it, of all components. ents_f: of dev, as a
    fraction. learn_rate: the optimizer's; None where the config isn't known.
    """

    epoch: int
    step: int
    loss: float
    ents_f: float
    learn_rate: float | None


def read_log(path: Path) -> list[Point]:
    """The points of a JSONL file, none of one that is empty or missing: spaCy keeps the lines until
    it has some, so a training that was killed may leave none, or half of the last one.

    Rates are those of the config of the pipeline in the file's folder, if there is one. Raises
    ValueError, with the line, for what isn't such a file."""
    rows = _rows(path)
    if not rows:
        return []
    steps = [_number(i, row, "step") for i, row in enumerate(rows, 1)]
    rates = _learn_rates(path.parent / "model-last" / "config.cfg", int(max(steps)))
    points, before = [], 0.0
    for i, (row, step) in enumerate(zip(rows, steps, strict=True), 1):
        losses = row.get("losses")
        if not isinstance(losses, dict):
            raise ValueError(_refusal(i, "losses"))
        points.append(
            Point(
                epoch=int(_number(i, row, "epoch")),
                step=int(step),
                loss=sum(losses.values()) / max(step - before, 1),
                ents_f=_number(i, row.get("scores"), "ents_f") / 100,
                learn_rate=rates[int(step)] if rates else None,
            )
        )
        before = step
    return points


def log_names(logs: Sequence[Path]) -> list[str]:
    """What the paths of several logs differ in."""
    folders = [log.resolve().parent for log in logs]
    if len(folders) == 1:
        return [folders[0].name]
    if len(set(folders)) < len(folders) or not folders:
        return [str(log) for log in logs]
    common = commonpath(folders)
    return [folder.relative_to(common).as_posix() for folder in folders]


def _rows(path: Path) -> list[Any]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows: list[Any] = []
    for i, line in enumerate(lines, 1):
        try:
            rows.append(srsly.json_loads(line))
        except ValueError as error:
            if not rows or i < len(lines):
                raise ValueError(_refusal(i, "JSON")) from error
    return rows


def _number(line: int, row: Any, key: str) -> float:
    value = row.get(key) if isinstance(row, dict) else None
    if not isinstance(value, int | float):
        raise ValueError(_refusal(line, key))
    return value


def _refusal(line: int, key: str) -> str:
    return f"line {line}: no {key}; is it the file of spaCy's ConsoleLogger (output_file)?"


def _learn_rates(config: Path, n_steps: int) -> list[float]:
    """The optimizer's rate at each step."""
    if not config.is_file():
        return []
    training = load_config(config, interpolate=True)["training"]
    optimizer = registry.resolve({"optimizer": training["optimizer"]})["optimizer"]
    rates = []
    for _ in range(n_steps + 1):
        rates.append(float(optimizer.learn_rate))
        optimizer.step_schedules()
    return rates
