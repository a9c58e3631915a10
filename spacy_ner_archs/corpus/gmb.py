"""The Groningen Meaning Bank as public CSV: a token a row, under a header.

    Sentence #,Word,POS,Tag
    Sentence: 1,London,NNP,B-geo
    ,sleeps,VBZ,O

The sentence's label stands on its first row, or on all of its rows. The POS column may lack;
other columns are ignored. https://aclanthology.org/E12-1083 for the corpus.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.sentences import Document, Sentence

SENTENCE, WORD, POS, TAG = "sentence #", "word", "pos", "tag"


def is_gmb(first_line: str) -> bool:
    """Whether a file's first line is the header of this format."""
    return SENTENCE in _names(first_line.split(","))


def read_gmb(path: Path, text: str) -> list[Document]:
    """All of the file's sentences, as one unmarked document."""
    rows = _rows(path, text)
    _, header = next(rows, (1, [""]))
    names = _names(header)
    for name in (SENTENCE, WORD, TAG):
        if name not in names:
            reason = f"no column {name!r}; the first line has to read Sentence #,Word,POS,Tag"
            raise CorpusError(path, 1, reason)
        if names.count(name) > 1:
            raise CorpusError(path, 1, f"two columns {name!r}; rename one")
    document = Document(marked=False)
    sentence: Sentence | None = None
    labels: set[str] = set()
    previous = ""
    for number, values in rows:
        if len(values) != len(names):
            raise CorpusError(
                path, number, f"columns: {len(values)}, but {len(names)} in the header; correct it"
            )
        row = dict(zip(names, values, strict=True))
        label = row[SENTENCE].strip(" ")
        if label and label != previous:
            if label in labels:
                raise CorpusError(path, number, f"a second sentence {label!r:.60}; rename one")
            labels.add(label)
            sentence = document.new_sentence()
        if sentence is None:
            raise CorpusError(path, number, "no sentence label yet; fill in the first column")
        for name in (WORD, TAG):
            if not row[name].strip(" "):
                raise CorpusError(path, number, f"column {name!r} is empty; fill it in")
        sentence.add(row[WORD], row.get(POS, ""), row[TAG].strip(" "), number)
        previous = label
    return [document] if document.sentences else []


def _names(header: list[str]) -> list[str]:
    return [name.strip(' "\r').lower() for name in header]


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that isn't blank, with its line. A line break inside quotes is an error: no word
    has one, but an unbalanced quote swallows rows."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for row in reader:
            if any("\n" in value or "\r" in value for value in row):
                raise CorpusError(path, number, "a line break inside quotes; balance the quotes")
            if row:
                yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise CorpusError(path, number, f"not CSV ({error}); balance the quotes") from None
