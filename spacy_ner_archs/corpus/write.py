"""spaCy Docs back to tags and to CoNLL text."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span, Token

from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.layout import DOCUMENT_LINE, is_document_line
from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE, Scheme, convert_tags


def tags_of(tokens: Doc | Span, scheme: Scheme = "iob2") -> list[str]:
    """A tag for each token, `-` where the annotation is missing.

    tokens (Doc | Span): Read as one sentence. That matters to IOB1 alone, which begins an entity
        with B- after one of the same type only if they are in one sentence.
    """
    return convert_tags([_tag(token) for token in tokens], scheme)


def _tag(token: Token) -> str:
    if token.ent_type_:
        return f"{token.ent_iob_}-{token.ent_type_}"
    # a token that may not become an entity (`Doc.set_ents(blocked=...)`) is B without a type
    return OUTSIDE if token.ent_iob_ else MISSING


def docs_to_conll(docs: Iterable[Doc], scheme: Scheme = "iob2") -> str:
    """CoNLL text: word, part of speech if any Doc has one, tag.

    Read again, it gives the same words, sentences, document lines and entities. Columns are
    separated by a space, or by tabs where a word, part of speech or label contains a space.

    RAISES (ConversionError): With the Doc's number, from 1, where the text would read otherwise:
        white space as a word, a tab or line end inside one, an entity in two sentences.
    """
    docs = list(docs)
    with_pos = any(doc.has_annotation("TAG") for doc in docs)
    rows: list[list[str]] = []
    for number, doc in enumerate(docs, start=1):
        try:
            rows += _rows(doc, scheme, with_pos)
        except ConversionError as error:
            raise ConversionError(f"Doc {number}: {error}") from None
    separator = "\t" if any(" " in value for row in rows for value in row) else " "
    return "".join(separator.join(row) + "\n" for row in rows)


def _rows(doc: Doc, scheme: Scheme, with_pos: bool) -> Iterator[list[str]]:
    if doc.user_data.get(DOCUMENT_START):
        yield [DOCUMENT_LINE, *["-X-"] * with_pos, OUTSIDE]
        yield []
    for sentence in _sentences(doc):
        for token, tag in zip(sentence, tags_of(sentence, scheme), strict=True):
            row = [token.text, *[token.tag_ or "_"] * with_pos, tag]
            _check(row)
            yield row
        yield []


def _sentences(doc: Doc) -> Iterator[Span]:
    if not doc.has_annotation("SENT_START"):
        yield doc[:]
        return
    for sentence in doc.sents:
        first = sentence[0]
        if first.i > 0 and first.ent_iob_ == "I":
            raise ConversionError(
                f"{first.text!r:.60} starts a sentence inside an entity; correct the sentences"
            )
        yield sentence


def _check(row: list[str]) -> None:
    if is_document_line(row[0]) or row[0].startswith("\ufeff"):
        raise ConversionError(f"the word {row[0]!r:.60} can't start a CoNLL line; remove it")
    for value in row:
        if not value.strip(" ") or any(mark in value for mark in "\t\n\r\0"):
            raise ConversionError(f"{value!r:.60} can't stand in a CoNLL column; remove it")
