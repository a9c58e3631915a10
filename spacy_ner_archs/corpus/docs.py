"""Sentences to the Docs of a .spacy file."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from spacy.attrs import ENT_IOB, ENT_TYPE, NORM, ORTH, SENT_START, TAG
from spacy.strings import get_string_id
from spacy.tokens import DocBin
from spacy.util import get_lang_class
from spacy.vocab import create_vocab

from spacy_ner_archs.corpus.annotated_labels import ANNOTATED_LABELS
from spacy_ner_archs.corpus.docbin_file import write_docbin
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.schemes import MISSING, split_tag
from spacy_ner_archs.corpus.sentences import Sentences

# `Doc.user_data` has this key where a document line stood before the Doc
DOCUMENT_START = "spacy_ner_archs.document_start"

# spaCy's numbers: https://spacy.io/api/token
_IOB = {MISSING: 0, "I": 1, "O": 2, "B": 3}

# those that `DocBin` stores by default: it merges files only if they have the same
_ATTRS = [int(attr) for attr in DocBin().attrs]

_N_SENTENCES = 1 << 11


@dataclass
class Counts:
    """What went into one .spacy file.

    documents (int | None): None where the file marks no documents.
    missing (int): Tokens without annotation.
    """

    docs: int
    documents: int | None
    sentences: int
    tokens: int = 0
    missing: int = 0
    entities: Counter[str] = field(default_factory=Counter)


def parse_group(value: str) -> int:
    """The number of sentences in a Doc; 0 for all of a document's."""
    if value in ("document", "sentence"):
        return 0 if value == "document" else 1
    if value.isascii() and value.isdigit() and int(value) > 0:
        return int(value)
    raise ConversionError(f"--group {value}: give document, sentence or a number of sentences")


def make_norm(lang: str) -> Callable[[str], str]:
    """What makes `token.norm_` of a word, in the vocabulary of `spacy.blank(lang)`."""
    try:
        vocab = create_vocab(lang, get_lang_class(lang).Defaults)
    except ImportError:
        raise ConversionError(f"--lang {lang}: spaCy has no such language; try en or xx") from None
    return vocab.lex_attr_getters[NORM]  # type: ignore[attr-defined]


class Docs:
    """Sentences, put together in Docs, in order.

    firsts, lasts (numpy.ndarray): A Doc's first sentence, and the one after its last.
    documents (numpy.ndarray): Documents, the number of each Doc's.
    """

    def __init__(self, sentences: Sentences, firsts: np.ndarray, lasts: np.ndarray) -> None:
        self.sentences = sentences
        self.firsts = firsts
        self.lasts = lasts
        self.documents = sentences.documents[firsts]

    @classmethod
    def of(cls, sentences: Sentences, n_sents: int) -> "Docs":
        """Docs of n sentences, or of whole documents with 0; a document's last may be shorter."""
        begins = np.diff(sentences.documents, prepend=-1) > 0
        if n_sents:
            positions = np.arange(len(sentences))
            since = positions - np.maximum.accumulate(np.where(begins, positions, 0))
            begins = since % n_sents == 0
        firsts = np.flatnonzero(begins)
        return cls(sentences, firsts, np.append(firsts[1:], len(sentences)))

    def __len__(self) -> int:
        return len(self.firsts)

    def select(self, docs: np.ndarray) -> "Docs":
        """Some of the Docs, by their numbers."""
        return Docs(self.sentences, self.firsts[docs], self.lasts[docs])

    def starts_document(self) -> np.ndarray:
        """Whether a document line stands right before each Doc."""
        before = np.append(0, self.sentences.documents)[self.firsts]
        return self.documents > before

    def lengths(self) -> np.ndarray:
        """The number of tokens of each Doc."""
        sentences = self.sentences
        total = np.append(0, np.cumsum(sentences.ends - sentences.starts))
        return total[self.lasts] - total[self.firsts]

    def rows(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Of some sentences at a time, the tokens' rows, and which of them begin a sentence."""
        order = _ranges(self.firsts, self.lasts)
        for start in range(0, len(order), _N_SENTENCES):
            some = order[start : start + _N_SENTENCES]
            starts, ends = self.sentences.starts[some], self.sentences.ends[some]
            rows = _ranges(starts, ends)
            begins = np.zeros(len(rows), dtype=bool)
            begins[np.cumsum(ends - starts) - (ends - starts)] = True
            yield rows, begins


def _ranges(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The numbers from each start up to, not including, its end, one after another."""
    lengths = ends - starts
    return np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(lengths.sum())


def write_docs(
    file: BinaryIO, docs: Docs, norm: Callable[[str], str], only: Sequence[str] = ()
) -> Counts:
    """Write a .spacy file of the file's own tokens.

    Their spaces aren't known: spaCy's training and evaluation then use these tokens instead of
    running a tokenizer. Tokens outside of entities are known to be so; those with a missing tag
    are not.

    only: labels that are annotated, where others aren't (`annotated_labels`).
    """
    sentences = docs.sentences
    n_of_token = np.zeros(len(sentences.tokens), dtype=int)
    n_of_tag = np.zeros(len(sentences.tags.names), dtype=int)
    for rows, _ in docs.rows():
        n_of_token += np.bincount(sentences.rows[rows], minlength=len(n_of_token))
        n_of_tag += np.bincount(sentences.tags.numbers[rows], minlength=len(n_of_tag))
    used_tags = [name for name, n in zip(sentences.tags.names, n_of_tag, strict=True) if n]
    used = [token for token, n in zip(sentences.tokens, n_of_token, strict=True) if n]
    strings = {"", *(token.word for token in used), *(token.pos for token in used)}
    strings |= {norm(token.word) for token in used} | {split_tag(name)[1] for name in used_tags}
    of_all = {ANNOTATED_LABELS: sorted(only)} if only else {}
    write_docbin(
        file,
        _ATTRS,
        _attributes(docs, norm),
        docs.lengths(),
        strings,
        [of_all, {**of_all, DOCUMENT_START: True}],
        docs.starts_document().astype(int),
    )
    counts = Counts(
        docs=len(docs),
        documents=len(np.unique(docs.documents)) if sentences.marked else None,
        sentences=int((docs.lasts - docs.firsts).sum()),
        tokens=int(n_of_tag.sum()),
    )
    for name, n in zip(sentences.tags.names, n_of_tag.tolist(), strict=True):
        letter, label = split_tag(name)
        if letter == MISSING:
            counts.missing += n
        elif letter == "B" and n:
            counts.entities[label] = n
    return counts


def _attributes(docs: Docs, norm: Callable[[str], str]) -> Iterator[np.ndarray]:
    """The attributes of some tokens at a time, 0 for those that a corpus doesn't give."""
    tokens = docs.sentences.tokens
    of_tokens = np.empty((len(tokens), 3), dtype=np.uint64)
    for column, text in enumerate((lambda t: t.word, lambda t: norm(t.word), lambda t: t.pos)):
        of_tokens[:, column] = np.fromiter(
            (get_string_id(text(token)) for token in tokens), np.uint64, len(tokens)
        )
    letters_and_labels = [split_tag(name) for name in docs.sentences.tags.names]
    of_tags = np.array(
        [(_IOB[letter], get_string_id(label)) for letter, label in letters_and_labels],
        dtype=np.uint64,
    )
    for rows, begins in docs.rows():
        array = np.zeros((len(rows), len(_ATTRS)), dtype=np.uint64)
        array[:, _columns(ORTH, NORM, TAG)] = of_tokens[docs.sentences.rows[rows]]
        array[:, _columns(ENT_IOB, ENT_TYPE)] = of_tags[docs.sentences.tags.numbers[rows]]
        array[:, _columns(SENT_START)] = np.where(begins, 1, -1).astype(np.uint64)[:, None]
        yield array


def _columns(*attrs: int) -> list[int]:
    return [_ATTRS.index(attr) for attr in attrs]
