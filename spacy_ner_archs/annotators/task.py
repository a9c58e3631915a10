"""A text for an annotator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from spacy.tokens import Doc, Span


class Labelled(Protocol):
    """Tokens start to end (exclusive) of a doc, with a label: an `Entity` of a decoder, or of a
    corpus. A score of it, if it has one, is kept."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...


class TaskSpan(NamedTuple):
    """Characters start to end (exclusive) of a text, with a label. score: its probability."""

    start: int
    end: int
    label: str
    score: float | None = None


@dataclass(frozen=True)
class Task:
    """tokens: first character and end (exclusive) of each. spans: what is marked; each begins with
    a token and ends with one. meta: what is shown beside the text."""

    text: str
    tokens: tuple[tuple[int, int], ...]
    spans: tuple[TaskSpan, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


def task_of(
    tokens: Doc | Span, spans: Iterable[Span | Labelled], meta: Mapping[str, Any] | None = None
) -> Task:
    """The task of a doc, or of a part of one, such as a sentence.

    spans: with the numbers of the doc's tokens. Those that the part doesn't have whole raise
    ValueError.
    """
    doc, first = (tokens, 0) if isinstance(tokens, Doc) else (tokens.doc, tokens.start)
    last, offset = first + len(tokens), doc[first].idx if len(tokens) else 0
    marked = []
    for span in spans:
        if not first <= span.start < span.end <= last:
            raise ValueError(f"tokens {span.start} to {span.end} aren't in {first} to {last}")
        chars = doc[span.start : span.end]
        label = span.label_ if isinstance(span, Span) else span.label
        start, end = chars.start_char - offset, chars.end_char - offset
        marked.append(TaskSpan(start, end, label, getattr(span, "score", None)))
    places = tuple((token.idx - offset, token.idx - offset + len(token)) for token in tokens)
    return Task(tokens.text, places, tuple(sorted(marked)), dict(meta or {}))


def one_span_each(task: Task) -> list[Task]:
    """A question for each span of a task: is it right?"""
    return [replace(task, spans=(span,), meta={**task.meta, **_score(span)}) for span in task.spans]


def _score(span: TaskSpan) -> dict[str, float]:
    return {} if span.score is None else {"score": round(span.score, 4)}
