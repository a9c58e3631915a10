"""Prodigy's answers, as `prodigy db-out` writes them: https://prodi.gy/docs/api-interfaces"""

from typing import Any

from spacy_ner_archs.annotators.reading.answer import (
    Answer,
    LeftOut,
    marked,
    objects_in,
    text_of,
)

#: Its interfaces in which spans are drawn, and the one that asks yes or no.
MANUAL, BINARY = ("ner_manual", "spans_manual"), "ner"
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
    is_binary = task.get("_is_binary", view == BINARY if view else None)
    return [Answer(text, spans, words=words, is_question=is_binary)]
