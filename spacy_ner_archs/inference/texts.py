"""Texts through a pipeline, in order, whatever becomes of a single one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc


class Words(NamedTuple):
    """A text whose tokens are given. spaces: whether a space follows each; None for all."""

    words: list[str]
    spaces: list[bool] | None = None

    def __str__(self) -> str:
        """The text of its doc."""
        spaces = self.spaces or [True] * len(self.words)
        pairs = zip(self.words, spaces, strict=True)
        return "".join(word + " " * space for word, space in pairs)


Text = str | Words


class Annotated(NamedTuple):
    """A text's doc, or why it has none, in one line."""

    doc: Doc | None
    error: str | None = None


def annotate(nlp: Language, texts: Sequence[Text], batch_size: int | None) -> Iterator[Annotated]:
    """Apply a pipeline to texts. A text that fails is tried by itself, so that it costs no other
    its entities; its error is told in the place of its doc.

    batch_size: docs that a component gets at a time; None for the pipeline's own.
    """
    nlp.set_error_handler(_leave_out)  # type: ignore[arg-type]
    docs = _made(nlp, texts)
    expected = 0
    for doc, i in nlp.pipe(docs, as_tuples=True, batch_size=batch_size):
        yield from (_alone(nlp, texts[missing]) for missing in range(expected, i))
        yield Annotated(doc)
        expected = i + 1
    yield from (_alone(nlp, texts[missing]) for missing in range(expected, len(texts)))


def _made(nlp: Language, texts: Sequence[Text]) -> Iterator[tuple[Doc, int]]:
    """Those docs that can be made, with their texts' positions."""
    for i, text in enumerate(texts):
        try:
            yield _doc(nlp, text), i
        except Exception:
            continue  # `_alone` tells why


def _doc(nlp: Language, text: Text) -> Doc:
    if not isinstance(text, str | Words):  # a column may have other values
        raise ValueError(f"no text, but {text!r:.50}")
    return nlp.make_doc(text) if isinstance(text, str) else Doc(nlp.vocab, *text)


def _alone(nlp: Language, text: Text) -> Annotated:
    """One text, and its error if it fails once more."""
    nlp.set_error_handler(_raise)  # type: ignore[arg-type]
    try:
        return Annotated(nlp(_doc(nlp, text)))
    except Exception as error:
        reason = " ".join(str(error).split())
        return Annotated(None, f"{type(error).__name__}: {reason:.300}".removesuffix(": "))
    finally:
        nlp.set_error_handler(_leave_out)  # type: ignore[arg-type]


def _leave_out(*failure: object) -> None:
    """spaCy's error handler for a stream: the docs of the failure are missing in what it gives."""


def _raise(name: str, component: object, docs: list[Doc], error: Exception) -> None:
    raise error
