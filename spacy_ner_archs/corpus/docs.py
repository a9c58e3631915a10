"""Sentences to spaCy Docs and the bytes of a .spacy file."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, DocBin
from spacy.util import get_lang_class
from spacy.vocab import Vocab, create_vocab

from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.schemes import MISSING
from spacy_ner_archs.corpus.sentences import Document, Sentence

# `Doc.user_data` has this key where a document line stood before the Doc
DOCUMENT_START = "spacy_ner_archs.document_start"


@dataclass(frozen=True)
class Group:
    """The sentences of one Doc.

    starts_document (bool): Whether a document line stood before them.
    """

    sentences: list[Sentence]
    starts_document: bool


def parse_group(value: str) -> int:
    """The number of sentences in a Doc; 0 for all of a document's."""
    if value in ("document", "sentence"):
        return 0 if value == "document" else 1
    if value.isascii() and value.isdigit() and int(value) > 0:
        return int(value)
    raise ConversionError(f"--group {value}: give document, sentence or a number of sentences")


def group_document(document: Document, n_sents: int) -> list[Group]:
    """Cut a document into groups of n sentences, or none with 0; the last group may be shorter."""
    step = n_sents or len(document.sentences)
    return [
        Group(document.sentences[start : start + step], document.marked and start == 0)
        for start in range(0, len(document.sentences), step)
    ]


def make_vocab(lang: str) -> Vocab:
    """What `spacy.blank(lang).vocab` is, without loading a single component."""
    try:
        return create_vocab(lang, get_lang_class(lang).Defaults)
    except ImportError:
        raise ConversionError(f"--lang {lang}: spaCy has no such language; try en or xx") from None


def make_doc(vocab: Vocab, group: Group) -> Doc:
    """A Doc of the file's own tokens.

    It is made without spaces, so that `has_unknown_spaces` is set: spaCy's training and evaluation
    then use these tokens instead of running a tokenizer. Tokens outside of entities are known to
    be so; those with a missing tag are not.

    group (Group): With IOB2 tags.
    """
    words: list[str] = []
    pos: list[str] = []
    tags: list[str] = []
    sent_starts: list[bool | int | None] = []
    for sentence in group.sentences:
        words += sentence.words
        pos += sentence.pos
        tags += ["" if tag == MISSING else tag for tag in sentence.tags]
        sent_starts += [i == 0 for i in range(len(sentence))]
    doc = Doc(
        vocab, words=words, tags=pos if any(pos) else None, sent_starts=sent_starts, ents=tags
    )
    if group.starts_document:
        doc.user_data[DOCUMENT_START] = True
    return doc


def docs_to_bytes(docs: Iterable[Doc]) -> bytes:
    return DocBin(docs=docs, store_user_data=True).to_bytes()
