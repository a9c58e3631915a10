"""Several trained pipelines as one."""

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.vectors import Vectors

from spacy_ner_archs.architectures.taggers.ensemble_tagger import average_decoders
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.pipeline.shared_layers import take_in_shared_layers


def make_ensemble(pipelines: list[Language]) -> Language:
    """Make the first of the pipelines recognize entities as all of them together do, with the
    means of their taggers' scores (`EnsembleTagger`). What the taggers share with other components
    of their pipelines is copied. The pipelines that are given are changed.

    Raises ValueError, in one line, where that can't be done: a pipeline without an `ner_tagger` or
    with two, other labels, other word vectors, a CRF beside a softmax.
    """
    taggers = [_find_tagger(nlp, i) for i, nlp in enumerate(pipelines, 1)]
    _check_they_agree(pipelines, taggers)
    for nlp, tagger in zip(pipelines, taggers, strict=True):
        take_in_shared_layers(nlp, tagger.name)
    _check_what_comes_before(pipelines, taggers)
    configs = [  # without the variables of the members' configs
        nlp.config.interpolate()["components"][tagger.name]
        for nlp, tagger in zip(pipelines, taggers, strict=True)
    ]
    model = {
        "@architectures": "spacy-ner-archs.EnsembleTagger.v1",
        "*": {f"tagger{i}": config["model"] for i, config in enumerate(configs, 1)},
    }
    nlp = pipelines[0]
    settings = {key: value for key, value in configs[0].items() if key != "factory"}
    ensemble: Any = nlp.replace_pipe(
        taggers[0].name, "ner_tagger", config={**settings, "model": model}
    )
    for label in taggers[0].labels:
        ensemble.add_label(label)
    for layer, tagger in zip(ensemble.model.layers, taggers, strict=False):
        layer.from_bytes(tagger.model.to_bytes())
    average_decoders(ensemble.model)
    nlp.meta["performance"] = {}
    return nlp


def _find_tagger(nlp: Language, i: int) -> NERTagger:
    try:
        return find_tagger(nlp)
    except ValueError as error:
        raise ValueError(f"pipeline {i} {error}") from None


def _check_they_agree(pipelines: list[Language], taggers: list[NERTagger]) -> None:
    first, labels = pipelines[0], taggers[0].labels
    for i, (nlp, tagger) in enumerate(zip(pipelines, taggers, strict=True), 1):
        if nlp.lang != first.lang:
            raise ValueError(f"pipeline {i} is for {nlp.lang}, the first for {first.lang}")
        if tagger.labels != labels:
            raise ValueError(
                f"pipeline {i} has the labels {', '.join(tagger.labels)}, "
                f"the first {', '.join(labels)}"
            )
        if not _same_vectors(first.vocab.vectors, nlp.vocab.vectors):
            raise ValueError(f"pipeline {i} was trained with other word vectors than the first")


def _same_vectors(one: Vectors, other: Vectors) -> bool:
    return (
        one.shape == other.shape
        and dict(one.key2row) == dict(other.key2row)
        and np.array_equal(one.data, other.data)
    )


def _check_what_comes_before(pipelines: list[Language], taggers: list[NERTagger]) -> None:
    """A member may need what a component before it sets, such as sentences."""
    before = [
        nlp.pipe_names[: nlp.pipe_names.index(tagger.name)]
        for nlp, tagger in zip(pipelines, taggers, strict=True)
    ]
    for i, names in enumerate(before, 1):
        if lacking := [name for name in names if name not in before[0]]:
            raise ValueError(
                f"pipeline {i} has {', '.join(lacking)} before its tagger, the first doesn't: give "
                "that pipeline first"
            )
