"""Corpus files for the tests, and what was read from them."""

from pathlib import Path

GMB = "Sentence #,Word,POS,Tag\n"


def write(folder: Path, content: str | bytes, name: str = "x.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(corpus):
    """Per document and sentence, a row for each token."""
    return [
        [list(zip(s.words, s.pos, s.tags, strict=True)) for s in document.sentences]
        for document in corpus.documents
    ]


def words(corpus):
    return [[s.words for s in document.sentences] for document in corpus.documents]
