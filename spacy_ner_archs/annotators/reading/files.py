"""Files of annotation tools to answers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from spacy_ner_archs.annotators.reading.answer import Answer, LeftOut, Place
from spacy_ner_archs.annotators.reading.doccano import FIELDS as DOCCANO_FIELDS
from spacy_ner_archs.annotators.reading.doccano import read_doccano
from spacy_ner_archs.annotators.reading.label_studio import read_label_studio
from spacy_ner_archs.annotators.reading.prodigy import FIELDS as PRODIGY_FIELDS
from spacy_ner_archs.annotators.reading.prodigy import read_prodigy
from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.files import BYTE_ORDER_MARK, opened

Tool = Literal["prodigy", "doccano", "label-studio"]

READERS: dict[Tool, Callable[[dict[str, Any]], list[Answer | LeftOut]]] = {
    "prodigy": read_prodigy,
    "doccano": read_doccano,
    "label-studio": read_label_studio,
}


class Read(NamedTuple):
    """tool: whose format it is. answers: with their places, in the order of the file."""

    tool: Tool
    answers: list[tuple[Place, Answer | LeftOut]]


def read_answers(path: Path, tool: Tool | None = None) -> Read:
    """Read a file of JSONL, or one with a list in JSON.

    tool: whose format it is; None to find out by the first task.
    RAISES (CorpusError): In one line, for what can't be read.
    """
    tasks = read_tasks(path)
    tool = tool or _tool_of(*tasks[0])
    read = READERS[tool]
    answers: list[tuple[Place, Answer | LeftOut]] = []
    for place, task in tasks:
        try:
            answers += [(place, answer) for answer in read(task)]
        except (ValueError, KeyError) as error:
            missing = f"no {error} in it; is it {tool}'s?"
            reason = missing if isinstance(error, KeyError) else str(error)
            raise place.error(reason) from None
    return Read(tool, answers)


def read_tasks(path: Path) -> list[tuple[Place, dict[str, Any]]]:
    """The tasks of a file, as they are. Raises CorpusError, in one line, for one without any, and
    for what isn't JSON."""
    tasks = list(_tasks(path, _decoded(path)))
    if not tasks:
        raise CorpusError(path, None, "no tasks in it; is it the right file?")
    return tasks


def _decoded(path: Path) -> str:
    with opened(path) as file:
        data = file.read()
    try:
        return data.decode().removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        raise CorpusError(path, line, reason) from None


def _tasks(path: Path, text: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    if text.lstrip().startswith("["):
        values = _parsed(path, text, 1)
        pairs = [(Place(path, i, True), value) for i, value in enumerate(values, start=1)]
    else:
        lines = [(i, line) for i, line in enumerate(text.split("\n"), start=1) if line.strip()]
        pairs = [(Place(path, i), _parsed(path, line, i)) for i, line in lines]
    for place, value in pairs:
        if not isinstance(value, dict):
            raise place.error(f"{value!r:.60} is no task")
        yield place, value


def _parsed(path: Path, text: str, first_line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        reason = f"not JSON: {error.msg}, column {error.colno}; JSONL has an object a line"
        raise CorpusError(path, line, reason) from None
    except (ValueError, RecursionError) as error:  # a number or a nesting that is too long
        raise CorpusError(path, first_line, f"not a task: {error}") from None


def _tool_of(place: Place, task: dict[str, Any]) -> Tool:
    if isinstance(task.get("data"), dict):
        return "label-studio"
    if PRODIGY_FIELDS & task.keys():
        return "prodigy"
    if set(DOCCANO_FIELDS) & task.keys():
        return "doccano"
    raise place.error(
        f"no task of {', '.join(READERS)}: it has {', '.join(task) or 'nothing':.100}. `python -m "
        "spacy convert` reads spaCy's own JSON"
    )
