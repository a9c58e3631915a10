"""Files whose tokens are kept: CoNLL text and .spacy."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.layout import BLANK, is_document_line, split_columns
from spacy_ner_archs.inference.reading.lines import decoded
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.texts import Words


def read_conll(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """CoNLL text: the first column is the word, an empty line ends a sentence. A sentence is a
    text; document lines are skipped."""
    words: list[str] = []
    error: str | None = None
    first, tabs = 1, None
    for number, line in enumerate(chain(file, [b"\n"]), start=1):
        try:
            text = decoded(line)
        except ValueError as reason:
            error = f"line {number}: {reason}"
            continue
        if text.strip(BLANK) and not is_document_line(text):
            first = first if words else number
            tabs = "\t" in text if tabs is None else tabs
            words.append(split_columns(text, tabs)[0])
            continue
        if words or error:
            place = f"{path}:{first}"
            yield Record(place, None if error else Words(words), {}, error)
        words, error = [], None


def read_spacy(path: str, file: BinaryIO, key: str) -> Iterator[Record]:
    """A .spacy file, of whose docs the tokens are read and nothing else. It is held in memory."""
    docs = DocBin().from_bytes(file.read()).get_docs(Vocab())
    for number, doc in enumerate(docs, start=1):
        words = Words([token.text for token in doc], [bool(token.whitespace_) for token in doc])
        yield Record(f"{path}:{number}", words, {})
