"""One file to .spacy, and one .spacy file to CoNLL text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.conll import Columns, read_conll
from spacy_ner_archs.corpus.docs import Group, docs_to_bytes, group_document, make_doc
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.files import (
    UTF8,
    check_encoding,
    decode,
    decode_utf8_or_latin1,
    read_bytes,
    writing_failures,
)
from spacy_ner_archs.corpus.gmb import is_gmb, read_gmb
from spacy_ner_archs.corpus.retag import TagReport, retag
from spacy_ner_archs.corpus.schemes import MISSING, Scheme
from spacy_ner_archs.corpus.sentences import Document
from spacy_ner_archs.corpus.split import PARTS, partition
from spacy_ner_archs.corpus.write import docs_to_conll
from spacy_ner_archs.drafts import replace_files

Format = Literal["conll", "gmb"]


@dataclass(frozen=True)
class ReadCorpus:
    """A file that has been read: its documents, with IOB2 tags, and what it turned out to be."""

    documents: list[Document]
    format: Format
    encoding: str
    tags: TagReport

    @property
    def marked(self) -> bool:
        """Whether the file has document lines."""
        return any(document.marked for document in self.documents)


@dataclass
class Counts:
    """What went into one .spacy file.

    documents (int | None): None where the file marks no documents.
    missing (int): Tokens without annotation.
    """

    docs: int
    documents: int | None
    sentences: int = 0
    tokens: int = 0
    missing: int = 0
    entities: Counter[str] = field(default_factory=Counter)


def read_corpus(
    path: Path,
    *,
    format: Format | None = None,
    encoding: str | None = None,
    columns: Columns | None = None,
    comment_prefix: str | None = None,
    scheme: Scheme | None = None,
    repair: bool = False,
) -> ReadCorpus:
    """Read a CoNLL or GMB file.

    format, encoding, scheme: None to find out.
    columns (Columns | None), comment_prefix (str | None): For CoNLL only.
    repair (bool): Mend tags that the scheme doesn't allow, instead of refusing the file.
    RAISES (ConversionError): In one line, for whatever can't be read without guessing.
    """
    if encoding is not None:
        check_encoding(encoding)
    data = read_bytes(path)
    format = format or _find_format(path, data, encoding or UTF8)
    if format == "gmb":
        if columns or comment_prefix is not None:
            raise CorpusError(path, None, "column and comment options are for CoNLL files only")
        if encoding is None:
            text, encoding = decode_utf8_or_latin1(path, data)
        else:
            text = decode(path, data, encoding)
        documents = read_gmb(path, text)
    else:
        encoding = encoding or UTF8
        text = decode(path, data, encoding)
        documents = read_conll(path, text, columns or Columns(), comment_prefix)
    if not documents:
        raise CorpusError(path, None, "no tokens in it; is it the right file?")
    sentences = [sentence for document in documents for sentence in document.sentences]
    report = retag(path, sentences, scheme, repair=repair)
    return ReadCorpus(documents, format, encoding, report)


def _find_format(path: Path, data: bytes, encoding: str) -> Format:
    first_line = data[:1000].decode(encoding, "replace").removeprefix("\ufeff").split("\n")[0]
    if is_gmb(first_line):
        return "gmb"
    if path.suffix.lower() == ".csv" and data.strip():
        reason = "not a header that this command knows; it reads Sentence #,Word,POS,Tag"
        raise CorpusError(path, 1, f"{reason}, or else give --format conll")
    return "conll"


def save_corpus(
    corpus: ReadCorpus,
    output: Path,
    vocab: Vocab,
    *,
    n_sents: int | None = None,
    split: dict[str, float] | None = None,
    seed: int = 0,
) -> dict[Path, Counts]:
    """Write the corpus to a .spacy file, or to one a part in a folder.

    n_sents (int | None): Sentences in a Doc, 0 for whole documents. None for whole documents where
        the file marks them, and else for single sentences.
    split (dict[str, float] | None): The parts' names and shares. Documents stay whole where the
        file marks them; else Docs are dealt out.
    RETURNS (dict[Path, Counts]): What was written to which file.
    """
    if n_sents is None:
        n_sents = 0 if corpus.marked else 1
    units = [group_document(document, n_sents) for document in corpus.documents]
    if not corpus.marked:
        units = [[group] for unit in units for group in unit]
    parts = {output: units}
    if split:
        dealt = partition(units, split, seed)
        parts = {output / f"{name}.spacy": part for name, part in dealt.items()}
        for stale in (output / f"{name}.spacy" for name in set(PARTS) - dealt.keys()):
            if stale.exists():
                raise CorpusError(stale, None, "is a part of another split; delete it first")
    wrong = [path for path in parts if path.suffix != ".spacy"]
    if wrong:
        raise ConversionError(
            f"{wrong[0]}: spaCy reads .spacy files only; name the output so, or give --split "
            "for a folder"
        )
    if output.suffix == ".spacy" and split:
        raise ConversionError(f"{output}: with --split the output is a folder; name one")
    contents = {
        path: docs_to_bytes(make_doc(vocab, group) for unit in part for group in unit)
        for path, part in parts.items()
    }
    with writing_failures():
        replace_files(contents)
    return {path: _count(part, marked=corpus.marked) for path, part in parts.items()}


def _count(units: Sequence[Sequence[Group]], *, marked: bool) -> Counts:
    groups = [group for unit in units for group in unit]
    counts = Counts(docs=len(groups), documents=len(units) if marked else None)
    for group in groups:
        counts.sentences += len(group.sentences)
        for sentence in group.sentences:
            counts.tokens += len(sentence)
            counts.missing += sentence.tags.count(MISSING)
            counts.entities.update(tag[2:] for tag in sentence.tags if tag.startswith("B-"))
    return counts


def spacy_to_conll(path: Path, output: Path, scheme: Scheme) -> int:
    """Write a .spacy file's Docs as CoNLL text; returns how many."""
    data = read_bytes(path)
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
    return len(docs)
