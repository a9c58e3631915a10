"""spaCy's training loop, with a look at each evaluation."""

from collections.abc import Callable
from typing import Any

from spacy.schemas import ConfigSchemaTraining
from spacy.training.initialize import init_nlp
from spacy.training.loop import (
    create_evaluation_callback,
    create_train_batches,
    train_while_improving,
)
from spacy.util import registry, resolve_dot_names
from thinc.api import Config, fix_random_seed


def best_score(config: Config, evaluated: Callable[[float, int], None], *, gpu_id: int) -> float:
    """Train as `spacy train` does, without storing anything, and return the best score on dev.

    evaluated: called with the score and the step of each evaluation; what it raises ends the
    training.
    """
    nlp = init_nlp(config, use_gpu=gpu_id)
    resolved = nlp.config.interpolate()
    if resolved["training"]["seed"] is not None:  # set by init_nlp, and used up in part
        fix_random_seed(resolved["training"]["seed"])
    training: Any = registry.resolve(resolved["training"], schema=ConfigSchemaTraining)
    train, dev = resolve_dot_names(resolved, [training["train_corpus"], training["dev_corpus"]])
    steps = train_while_improving(
        nlp,
        training["optimizer"],
        create_train_batches(nlp, train, training["batcher"], training["max_epochs"]),
        create_evaluation_callback(nlp, dev, training["score_weights"]),
        dropout=training["dropout"],
        accumulate_gradient=training["accumulate_gradient"],
        patience=training["patience"],
        max_steps=training["max_steps"],
        eval_frequency=training["eval_frequency"],
        exclude=training["frozen_components"],
        annotating_components=training["annotating_components"],
        before_update=training["before_update"],
    )
    best = 0.0
    for _, info, is_best in steps:
        if is_best is not None:
            best = max(best, info["score"])
            evaluated(info["score"], info["step"])
    return best
