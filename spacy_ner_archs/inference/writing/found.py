from typing import Any, NamedTuple

from spacy.tokens import Doc

from spacy_ner_archs.inference.predictor import found_in
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.texts import Words


class Found(NamedTuple):
    """A text that was read, and its doc."""

    record: Record
    doc: Doc

    def row(self) -> dict[str, Any]:
        """The text's fields, and what was found. Where tokens are given, the fields are the text
        and the tokens."""
        fields = self.record.fields
        if isinstance(self.record.text, Words):
            fields = {"text": self.doc.text, "tokens": self.record.text.words}
        return {**fields, **found_in(self.doc)}
