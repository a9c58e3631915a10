from typing import Any, NamedTuple

from spacy_ner_archs.inference.texts import Text


class Record(NamedTuple):
    """A text of a file, or why there is none.

    place: the file, and the line or number of the text in it, from 1. text: None where it can't be
    read. fields: what the file has for the text, by name; with it the text itself, but for one
    whose tokens are given. error: in one line; None where there is a text.
    """

    place: str
    text: Text | None
    fields: dict[str, Any]
    error: str | None = None
