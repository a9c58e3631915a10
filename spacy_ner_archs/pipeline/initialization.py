"""What a tagger does once, before its training."""

import warnings
from typing import cast

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Model

from spacy_ner_archs.architectures.embeddings.vocabulary import has_trained_vocab
from spacy_ner_archs.decoders.entity import begins_or_ends_in_space
from spacy_ner_archs.pipeline.listeners import listeners


def sample_of(docs: list[Doc]) -> list[Doc]:
    """A few docs, that show layers their sizes. A layer may need what components before this one
    set in a pipeline that runs: here each is one sentence."""
    sample = [Doc(doc.vocab, words=[token.text for token in doc]) for doc in docs[:10]]
    for doc in sample:
        for token in doc:
            token.is_sent_start = token.i == 0
    return sample


def warn_of_spaces(name: str, examples: list[Example]) -> None:
    """No prediction begins or ends in white space: such entities are learned in vain."""
    ents = [ent for eg in examples for ent in eg.reference.ents if begins_or_ends_in_space(ent)]
    if ents:
        warnings.warn(
            f"'{name}' never predicts an entity that begins or ends in white space, and the "
            f"training data has {len(ents)} of them: let them begin and end at words",
            stacklevel=3,
        )


def is_dummy(examples: list[Example]) -> bool:
    """Whether these are what spaCy makes up for `nlp.initialize()` and for `spacy pretrain`."""
    return len(examples) == 1 and not examples[0].reference.has_annotation("ENT_IOB")


def upstream_models(model: Model, nlp: Language | None) -> list[Model]:
    """Models of the shared tok2vec components that a model listens to."""
    names = {listener.upstream_name for listener in listeners(model)}
    if nlp is None:
        return []
    return [
        cast(TrainablePipe, pipe).model
        for name, pipe in nlp.pipeline
        if hasattr(pipe, "listener_map")
        and names & {name, "*"}
        and not has_trained_vocab(cast(TrainablePipe, pipe).model)
    ]
