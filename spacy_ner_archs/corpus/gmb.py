"""The Groningen Meaning Bank as public CSV: a token a row, under a header.

    Sentence #,Word,POS,Tag
    Sentence: 1,London,NNP,B-geo
    ,sleeps,VBZ,O

The sentence's label stands on its first row, or on all of its rows. The POS column may lack;
other columns are ignored. https://aclanthology.org/E12-1083 for the corpus.
"""

import csv
from array import array
from collections.abc import Iterator

import numpy as np

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.files import Lines
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.rows import BREAK, Rows

SENTENCE, WORD, POS, TAG = "sentence #", "word", "pos", "tag"


def is_gmb(first_line: str) -> bool:
    """Whether a file's first line is the header of this format."""
    return SENTENCE in _names(first_line.split(","))


def read_gmb(lines: Lines) -> tuple[Rows, Columns]:
    """The rows of the file, and the columns that were read."""
    path = lines.path
    records = _records(lines)
    _, header = next(records, (1, [""]))
    names = _names(header)
    for name in (SENTENCE, WORD, TAG):
        if name not in names:
            reason = f"no column {name!r}; the first line has to read Sentence #,Word,POS,Tag"
            raise CorpusError(path, 1, reason)
        if names.count(name) > 1:
            raise CorpusError(path, 1, f"two columns {name!r}; rename one")
    rows, numbers, at = Rows(), array("i"), array("i")
    labels: set[str] = set()
    previous = ""
    for number, values in records:
        if len(values) != len(names):
            raise CorpusError(
                path, number, f"columns: {len(values)}, but {len(names)} in the header; correct it"
            )
        record = dict(zip(names, values, strict=True))
        label = record[SENTENCE].strip(" ")
        if label and label != previous:
            if label in labels:
                raise CorpusError(path, number, f"a second sentence {label!r:.60}; rename one")
            labels.add(label)
            numbers.append(BREAK)
            at.append(number)
        if not labels:
            raise CorpusError(path, number, "no sentence label yet; fill in the first column")
        for name in (WORD, TAG):
            if not record[name].strip(" "):
                raise CorpusError(path, number, f"column {name!r} is empty; fill it in")
        try:
            numbers.append(rows.number(record[WORD], record.get(POS, ""), record[TAG].strip(" ")))
        except ConversionError as error:
            raise CorpusError(path, number, str(error)) from None
        at.append(number)
        previous = label
    rows.extend(np.asarray(numbers), np.asarray(at))
    rows.close()
    pos = names.index(POS) + 1 if POS in names else 0
    return rows, Columns(names.index(WORD) + 1, names.index(TAG) + 1, pos)


def _names(header: list[str]) -> list[str]:
    return [name.strip(' "\r').lower() for name in header]


def _records(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """Each record that isn't blank, with its line. A line break inside quotes is an error: no word
    has one, but an unbalanced quote swallows records."""
    text = (line + "\n" for _, block in lines.blocks() for line in block)
    reader = csv.reader(text, strict=True)
    number = 1
    try:
        for record in reader:
            if any("\n" in value for value in record):
                reason = "a line break inside quotes; balance the quotes"
                raise CorpusError(lines.path, number, reason)
            if record:
                yield number, record
            number = reader.line_num + 1
    except csv.Error as error:
        reason = f"not CSV ({error}); balance the quotes"
        raise CorpusError(lines.path, number, reason) from None
