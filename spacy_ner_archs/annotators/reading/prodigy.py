"""Prodigy's answers, as `prodigy db-out` writes them: https://prodi.gy/docs/api-interfaces"""

from typing import Any

from spacy_ner_archs.annotators.reading.answer import (
    Answer,
    LeftOut,
    marked,
    objects_in,
    text_of,
)

#: Its interfaces in which spans are drawn, and those that ask yes or no.
MANUAL, BINARY = ("ner_manual", "spans_manual"), ("ner", "spans", "classification")
FIELDS = {"answer", "spans", "tokens", "_input_hash", "_task_hash"}


def read_prodigy(task: dict[str, Any]) -> list[Answer | LeftOut]:
    """The answer to a task. Spans that were rejected are wrong, and that is all it tells; where
    they were drawn by hand, not even that, as any of them may be."""
    text, answer, view = text_of(task.get("text")), task.get("answer"), task.get("_view_id")
    if answer not in ("accept", "reject", "ignore"):
        raise ValueError(
            "nobody has answered this task: 'answer' must be accept, reject or ignore, and is "
            f"{answer!r:.20}"
        )
    if answer == "ignore":
        return [LeftOut("ignored")]
    spans = frozenset(
        marked(text, span.get("start"), span.get("end"), span.get("label"))
        for span in objects_in(task, "spans")
    )
    tokens = objects_in(task, "tokens")
    words = tuple(text_of(token.get("text")) for token in tokens) if tokens else None
    if answer == "reject":
        if view in MANUAL or not spans:
            return [LeftOut("rejected as a whole")]
        return [Answer(text, wrong=spans, words=words, is_question=True)]
    return [Answer(text, spans, words=words, is_question=_is_question(task))]


def _is_question(task: dict[str, Any]) -> bool | None:
    """None for an interface that doesn't tell, such as one made of others."""
    if "_is_binary" in task:
        return bool(task["_is_binary"])
    view = task.get("_view_id")
    return view in BINARY if view in MANUAL + BINARY else None
