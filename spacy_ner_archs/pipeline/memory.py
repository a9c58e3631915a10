"""What a pipeline remembers of the words that it has read, and how it forgets them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import srsly
from spacy.language import Language

from spacy_ner_archs.architectures.embeddings.word_cache import WordCache
from spacy_ner_archs.pipeline.models import models_of

#: So many new words, or as many as it has strings, and a vocabulary's tables are made anew.
NEW_WORDS = 100_000


def keep_all() -> None:
    """Take all that is in memory, such as a loaded pipeline, out of the garbage collector's sight:
    in a process that does nothing but predict it is never garbage, and to look through it takes a
    third of a second each time."""
    gc.collect()
    gc.freeze()


@contextmanager
def memory_zone(nlp: Language) -> Iterator[None]:
    """A memory zone of spaCy, after which memory stays as it was however many words were read. No
    doc of it may be used afterwards."""
    with nlp.memory_zone():
        yield
    if len(nlp.vocab) > max(NEW_WORDS, len(nlp.vocab.strings)):
        _shrink(nlp.vocab)


def _shrink(vocab: Any) -> None:
    """Make the tables of lexemes and strings anew, with the strings that the vocabulary has: the
    places of what a memory zone takes out of them stay taken, so that they grow for good.

    vocab: spaCy's Vocab, whose stub has no `lex_attr_getters`.
    """
    getters = dict(vocab.lex_attr_getters)
    vocab.from_bytes(srsly.msgpack_dumps({"strings": b"[]"}), exclude=["vectors", "lookups"])
    vocab.lex_attr_getters = getters  # what looks up norms has been wrapped once more


def forget_words(nlp: Language) -> None:
    """Empty the caches of words' vectors. A vector's last bits depend on the words that it was
    computed with, so that what a pipeline gives depends on what it has seen before."""
    for model in models_of(nlp):
        for node in model.walk():
            for value in node.attrs.values():
                if isinstance(value, WordCache):
                    value.clear()
