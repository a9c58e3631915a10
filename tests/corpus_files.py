"""Corpus files for the tests, and what was read from them."""

from pathlib import Path

GMB = "Sentence #,Word,POS,Tag\n"


def write(folder: Path, content: str | bytes, name: str = "x.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(corpus):
    """Per document and sentence, a row for each token."""
    sentences = corpus.sentences
    numbers = list(sentences.documents)
    return [
        [[tuple(token) for token in sentences[i]] for i in range(len(sentences)) if numbers[i] == n]
        for n in sorted(set(numbers))
    ]


def words(corpus):
    return [[[row[0] for row in sentence] for sentence in document] for document in rows(corpus)]
