"""Training data before a tagger is trained: the parts of a config, and their entities as plain
values."""

from collections import Counter
from typing import Any

from spacy.schemas import ConfigSchemaTraining
from spacy.training import Example
from spacy.util import load_model_from_config, registry, resolve_dot_names
from thinc.api import Config

from spacy_ner_archs.decoders.entity import begins_or_ends_in_space
from spacy_ner_archs.evaluation.shown_sentences import entity_text


def with_spacys_ner(config: Config) -> Config:
    """A config with its defaults filled in, which spaCy's checks ask for, and in which each
    `ner_tagger` is an `ner`: spaCy checks entities for that alone."""
    components = config.get("components", {})
    for name, component in components.items():
        if component.get("factory") == "ner_tagger":
            components[name] = {"factory": "ner"}
            config.get("initialize", {}).get("components", {}).pop(name, None)
    return load_model_from_config(config, auto_fill=True).config


def read_parts(config: Config) -> tuple[list[Example], list[Example]]:
    """The training and the dev data of a config."""
    nlp = load_model_from_config(config)
    filled = nlp.config.interpolate()
    training: Any = registry.resolve(filled["training"], schema=ConfigSchemaTraining)
    names = [training["train_corpus"], training["dev_corpus"]]
    train, dev = resolve_dot_names(filled, names)
    return list(train(nlp)), list(dev(nlp))


def describe_entities(examples: list[Example], names: set[str]) -> dict[str, Any]:
    """Counts of the entities of one part of a corpus, such as dev.

    names: the texts of the training part's entities (`names_in`). labels: entities of each label.
    unseen: entities whose text isn't among the names. across_sentences: a sentence starts inside
    them. in_white_space: they begin or end in it. misaligned: they don't begin and end where tokens
    of the predicted doc do, and nothing is learned of them.
    """
    ents = [(eg, ent) for eg in examples for ent in eg.reference.ents]
    return {
        "labels": dict(Counter(ent.label_ for _, ent in ents)),
        "entities": len(ents),
        "unseen": sum(entity_text(ent.doc, ent) not in names for _, ent in ents),
        "across_sentences": sum(any(t.is_sent_start for t in ent[1:]) for _, ent in ents),
        "in_white_space": sum(begins_or_ends_in_space(ent) for _, ent in ents),
        "misaligned": sum(not eg.get_aligned_spans_y2x([ent]) for eg, ent in ents),
    }
