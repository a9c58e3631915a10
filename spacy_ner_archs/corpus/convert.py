"""One file to .spacy, and one .spacy file to CoNLL text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.annotated_labels import annotated_labels, check_only
from spacy_ner_archs.corpus.binary import refuse_json
from spacy_ner_archs.corpus.conll import read_conll
from spacy_ner_archs.corpus.docs import Counts, Docs, write_docs
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.files import (
    UTF8,
    Lines,
    check_encoding,
    first_line,
    opened,
    utf8_or_latin1,
    writing_failures,
)
from spacy_ner_archs.corpus.gmb import is_gmb, read_gmb
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.outputs import one_file, part_paths
from spacy_ner_archs.corpus.rejected_spans import rejected_spans
from spacy_ner_archs.corpus.retag import retag
from spacy_ner_archs.corpus.schemes import Scheme, split_tag
from spacy_ner_archs.corpus.sentences import Sentences
from spacy_ner_archs.corpus.split import partition
from spacy_ner_archs.corpus.write import docs_to_conll
from spacy_ner_archs.drafts import drafts_of, replace_files

Format = Literal["conll", "gmb"]


@dataclass(frozen=True)
class ReadCorpus:
    """A file that has been read: its sentences, and what it turned out to be.

    columns (Columns): Those that were read, from 1.
    marks (int): Byte order marks that were taken away.
    """

    sentences: Sentences
    format: Format
    encoding: str
    columns: Columns
    marks: int


def read_corpus(
    path: Path,
    *,
    format: Format | None = None,
    encoding: str | None = None,
    columns: Columns | None = None,
    comment_prefix: str | None = None,
    scheme: Scheme | None = None,
    repair: bool = False,
    is_partial: bool = False,
) -> ReadCorpus:
    """Read a CoNLL or GMB file.

    format, encoding, scheme: None to find out.
    columns (Columns | None), comment_prefix (str | None): For CoNLL only.
    repair (bool): Mend tags that the scheme doesn't allow, and take away byte order marks inside,
        instead of refusing the file.
    is_partial (bool): Whether O says nothing: the annotation of such tokens is missing.
    RAISES (ConversionError): In one line, for whatever can't be read without guessing.
    """
    if encoding is not None:
        check_encoding(encoding)
    with opened(path) as file:
        format = format or _find_format(path, file, encoding or UTF8)
        if format == "gmb":
            if columns or comment_prefix is not None:
                raise CorpusError(path, None, "column and comment options are for CoNLL files only")
            encoding = encoding or utf8_or_latin1(path, file)
            lines = Lines(path, file, encoding, repair=repair)
            rows, found = read_gmb(lines)
        else:
            encoding = encoding or UTF8
            lines = Lines(path, file, encoding, repair=repair)
            rows, found = read_conll(lines, columns or Columns(), comment_prefix)
    if not rows.tokens:
        raise CorpusError(path, None, "no tokens in it; is it the right file?")
    tags = retag(path, rows, scheme, repair=repair)
    sentences = Sentences.of(rows, tags.without_outside() if is_partial else tags)
    return ReadCorpus(sentences, format, encoding, found, lines.repaired)


def _find_format(path: Path, file: BinaryIO, encoding: str) -> Format:
    line = first_line(path, file, encoding)
    refuse_json(path, line)
    if is_gmb(line):
        return "gmb"
    if path.suffix.lower() == ".csv" and line.strip():
        reason = "not a header that this command knows; it reads Sentence #,Word,POS,Tag"
        raise CorpusError(path, 1, f"{reason}, or else give --format conll")
    return "conll"


def save_corpus(
    corpus: ReadCorpus,
    output: Path,
    norm: Callable[[str], str],
    *,
    n_sents: int | None = None,
    split: dict[str, float] | None = None,
    seed: int = 0,
    only: Sequence[str] = (),
) -> dict[Path, Counts]:
    """Write the corpus to a .spacy file, or to one a part in a folder.

    norm (Callable[[str], str]): What makes a token's norm of its word.
    n_sents (int | None): Sentences in a Doc, 0 for whole documents. None for whole documents where
        the file marks them, and else for single sentences.
    split (dict[str, float] | None): The parts' names and shares. Documents stay whole where the
        file marks them; else Docs are dealt out.
    only (Sequence[str]): The labels that are annotated, where others aren't.
    RETURNS (dict[Path, Counts]): What was written to which file.
    """
    labels = {label for _, label in map(split_tag, corpus.sentences.tags.names) if label}
    check_only(only, labels, str(output))
    marked = corpus.sentences.marked
    if n_sents is None:
        n_sents = 0 if marked else 1
    docs = Docs.of(corpus.sentences, n_sents)
    if split:
        dealt = _deal(docs, split, seed)
        parts = {path: dealt[name] for name, path in part_paths(output, dealt).items()}
    else:
        parts = {one_file(output): docs}
    return _write(parts, norm, only)


def _deal(docs: Docs, split: dict[str, float], seed: int) -> dict[str, Docs]:
    """The Docs of each part, by documents where the file marks them."""
    units = docs.documents if docs.sentences.marked else np.arange(len(docs))
    distinct, unit_of = np.unique(units, return_inverse=True)
    parts = partition(range(len(distinct)), split, seed)
    return {
        name: docs.select(np.flatnonzero(np.isin(unit_of, part))) for name, part in parts.items()
    }


def _write(
    parts: dict[Path, Docs], norm: Callable[[str], str], only: Sequence[str]
) -> dict[Path, Counts]:
    counts: dict[Path, Counts] = {}
    # what goes wrong with a draft is told by its file's name
    with writing_failures(), drafts_of(parts) as drafts:
        for path, docs in parts.items():
            with writing_failures(path), drafts[path].open("wb") as file:
                counts[path] = write_docs(file, docs, norm, only)
    return counts


def spacy_to_conll(path: Path, output: Path, scheme: Scheme) -> tuple[int, int]:
    """Write a .spacy file's Docs as CoNLL text; returns how many, and how many of them have spans
    that were rejected or annotate some labels only, which CoNLL text can't tell."""
    with opened(path) as file:
        data = file.read()
    try:
        docs = list(DocBin().from_bytes(data).get_docs(Vocab()))
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(path, None, "is not a .spacy file; convert text to one first") from error
    if output.suffix == ".spacy":
        raise ConversionError(f"{output}: the input is a .spacy file already; name a text file")
    if not docs:
        raise CorpusError(path, None, "no documents in it; is it the right file?")
    try:
        text = docs_to_conll(docs, scheme)
    except ConversionError as error:
        raise CorpusError(path, None, str(error)) from None
    with writing_failures():
        replace_files({output: text})
    n_more = sum(bool(rejected_spans(doc)) or annotated_labels(doc) is not None for doc in docs)
    return len(docs), n_more
