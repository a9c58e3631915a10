"""Tasks as the text of a file, in the format of a tool."""

import json
from collections.abc import Callable, Iterable

from spacy_ner_archs.annotators.task import Task
from spacy_ner_archs.annotators.writing.label_studio import label_studio_task
from spacy_ner_archs.annotators.writing.prodigy import prodigy_task


def to_prodigy(tasks: Iterable[Task]) -> str:
    """JSONL, a task a line."""
    return "".join(_json(prodigy_task(task)) + "\n" for task in tasks)


def to_label_studio(tasks: Iterable[Task]) -> str:
    """One JSON list."""
    lines = ",\n".join(_json(label_studio_task(task)) for task in tasks)
    return f"[\n{lines}\n]\n"


FORMATS: dict[str, Callable[[Iterable[Task]], str]] = {
    "prodigy": to_prodigy,
    "label-studio": to_label_studio,
}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
