from collections.abc import Iterator

from spacy.language import Language
from thinc.api import Model

from spacy_ner_archs.architectures.embeddings.word_cache import WordCache


def models_of(nlp: Language) -> Iterator[Model]:
    """The models of a pipeline's components, of those that have one."""
    for _, component in nlp.pipeline:
        if isinstance(model := getattr(component, "model", None), Model):
            yield model


def forget_words(nlp: Language) -> None:
    """Empty the caches of words' vectors. A vector's last bits depend on the words that it was
    computed with, so that what a pipeline gives depends on what it has seen before."""
    for model in models_of(nlp):
        for node in model.walk():
            for value in node.attrs.values():
                if isinstance(value, WordCache):
                    value.clear()
