"""doccano's export as JSONL, with or without relations:
https://doccano.github.io/doccano/tutorial/"""

from typing import Any

from spacy_ner_archs.annotators.reading.answer import (
    Answer,
    LeftOut,
    Marked,
    list_in,
    marked,
    text_of,
)

#: Names of the spans, in several versions.
FIELDS = ("label", "labels", "entities")


def read_doccano(task: dict[str, Any]) -> list[Answer | LeftOut]:
    """The annotation of a text. It doesn't tell whether somebody has annotated a text without
    entities, or not."""
    text = text_of(task.get("text", task.get("data")))
    field = next((name for name in FIELDS if name in task), None)
    if field is None:
        raise ValueError(f"none of {', '.join(FIELDS)} in it")
    return [Answer(text, frozenset(_marked(text, span) for span in list_in(task, field)))]


def _marked(text: str, span: Any) -> Marked:
    if isinstance(span, list) and len(span) == 3:
        return marked(text, *span)
    if isinstance(span, dict) and "start_offset" in span:
        return marked(text, span["start_offset"], span.get("end_offset"), span.get("label"))
    raise ValueError(
        f"{span!r:.60} is no [start, end, label]; export JSONL from a project for sequence "
        "labelling, or, from Label Studio, JSON and not JSON-MIN"
    )
