"""Label Studio's export as JSON: https://labelstud.io/guide/task_format"""

from collections.abc import Mapping
from typing import Any

from spacy_ner_archs.annotators.reading.answer import (
    Answer,
    LeftOut,
    Marked,
    list_in,
    marked,
    objects_in,
    text_of,
)


def read_label_studio(task: dict[str, Any]) -> list[Answer | LeftOut]:
    """The annotations of a task, one of each annotator."""
    text = studio_text(task["data"])
    # the name that versions before 1.0 have
    annotations = objects_in(task, "annotations" if "annotations" in task else "completions")
    done = [each for each in annotations if not each.get("was_cancelled")]
    if not done:
        return [LeftOut("skipped" if annotations else "not annotated")]
    return [Answer(text, _spans(text, annotation)) for annotation in done]


def studio_text(data: Any) -> str:
    """Which field has the text is said in the project's settings, and not in the export."""
    if not isinstance(data, dict):
        raise ValueError("'data' is no object; export JSON, and not JSON-MIN")
    if "text" in data:
        return text_of(data["text"])
    texts = [name for name, value in data.items() if isinstance(value, str)]
    if len(texts) != 1:
        names = ", ".join(texts) or "none"
        raise ValueError(f"which field of 'data' has the text ({names})? Rename it to 'text'")
    return str(data[texts[0]])


def _spans(text: str, annotation: Mapping[str, Any]) -> frozenset[Marked]:
    results = objects_in(annotation, "result")
    if any(result.get("type") == "hypertextlabels" for result in results):
        raise ValueError("its spans are of HTML, whose characters aren't the text's")
    labels = [result for result in results if result.get("type") == "labels"]
    if len({str(result.get("to_name")) for result in labels}) > 1:
        raise ValueError("its spans are of several texts; export a project with one text a task")
    return frozenset(_marked(text, result.get("value")) for result in labels)


def _marked(text: str, value: object) -> Marked:
    if not isinstance(value, dict):
        raise ValueError(f"'value' is {value!r:.60}, and no object")
    labels = list_in(value, "labels")
    if len(labels) != 1:
        raise ValueError(f"a span has {len(labels)} labels ({value!r:.80}); give it one")
    span = marked(text, value.get("start"), value.get("end"), labels[0])
    # old versions count some characters, such as emoji, as two
    if value.get("text", text[span.start : span.end]) != text[span.start : span.end]:
        raise ValueError(
            f"{span.shown(text)} is {value['text']!r:.60} in the export, so the offsets are of "
            "another text; export it with a newer Label Studio"
        )
    return span
