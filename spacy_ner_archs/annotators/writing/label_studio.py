"""Tasks for Label Studio: https://labelstud.io/guide/predictions"""

from typing import Any

from spacy_ner_archs.annotators.task import Task, TaskSpan

#: Names of its template for named entities: `<Labels name="label" toName="text">` and
#: `<Text name="text" value="$text"/>`.
FROM_NAME, TO_NAME = "label", "text"


def label_studio_task(task: Task) -> dict[str, Any]:
    """A task whose spans are marked for the annotator. Its score is that of the least probable."""
    scores = [span.score for span in task.spans if span.score is not None]
    prediction = {"result": [_result(task, i, span) for i, span in enumerate(task.spans)]}
    return {
        "data": {**task.meta, "text": task.text},
        "predictions": [{**prediction, **({"score": min(scores)} if scores else {})}],
    }


def _result(task: Task, i: int, span: TaskSpan) -> dict[str, Any]:
    result = {
        "id": str(i),
        "from_name": FROM_NAME,
        "to_name": TO_NAME,
        "type": "labels",
        "value": {
            "start": span.start,
            "end": span.end,
            "text": task.text[span.start : span.end],
            "labels": [span.label],
        },
    }
    return result if span.score is None else {**result, "score": span.score}
