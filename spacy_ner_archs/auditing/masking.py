"""A corpus in which doubtful places are without annotation, so that nothing is learned of them."""

from collections.abc import Iterable

from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.doubt import Doubt
from spacy_ner_archs.auditing.retag import Retag, retagged
from spacy_ner_archs.corpus.schemes import MISSING


def masked_corpus(corpus: CorpusFile, doubts: Iterable[Doubt]) -> bytes:
    """The bytes of a .spacy file: the tokens of what is annotated in a doubtful place, and of what
    is better, are missing annotation. No part of an entity is left."""
    places = (Retag(doubt.doc, doubt.start, doubt.end, MISSING) for doubt in doubts)
    return retagged(corpus.docbin, places)
