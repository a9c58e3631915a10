"""Which texts a file of an annotation tool has, whatever was said about them."""

from pathlib import Path
from typing import Any

from spacy_ner_archs.annotators.reading.answer import text_of
from spacy_ner_archs.annotators.reading.files import read_tasks
from spacy_ner_archs.annotators.reading.label_studio import studio_text


def texts_in(path: Path) -> set[str]:
    """The texts of its tasks. Raises CorpusError, in one line, for a task without one."""
    texts = set()
    for place, task in read_tasks(path):
        try:
            texts.add(_text(task))
        except ValueError as error:
            raise place.error(str(error)) from None
    return texts


def _text(task: dict[str, Any]) -> str:
    data = task.get("data")
    return studio_text(data) if isinstance(data, dict) else text_of(task.get("text", data))
