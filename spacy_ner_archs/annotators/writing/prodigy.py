"""Tasks for Prodigy: https://prodi.gy/docs/api-interfaces"""

from typing import Any

from spacy_ner_archs.annotators.task import Task, TaskSpan


def prodigy_task(task: Task) -> dict[str, Any]:
    """What Prodigy's interfaces `ner` and `ner_manual` show."""
    return {
        "text": task.text,
        "tokens": [_token(task.text, i, *place) for i, place in enumerate(task.tokens)],
        "spans": [prodigy_span(task, span) for span in task.spans],
        "meta": dict(task.meta),
    }


def prodigy_span(task: Task, span: TaskSpan) -> dict[str, Any]:
    """token_start and token_end are its first and its last token."""
    starts, ends = zip(*task.tokens, strict=True)
    marked = {
        "start": span.start,
        "end": span.end,
        "token_start": starts.index(span.start),
        "token_end": ends.index(span.end),
        "label": span.label,
    }
    return marked if span.score is None else {**marked, "score": span.score}


def _token(text: str, i: int, start: int, end: int) -> dict[str, Any]:
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "id": i,
        "ws": text[end : end + 1] == " ",
    }
