"""Going on with the training of a pipeline's tagger, which keeps what it knew."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.schemas import ConfigSchemaTraining
from spacy.training import Example
from spacy.training.loop import create_train_batches
from spacy.util import registry
from thinc.api import ConfigValidationError, Optimizer, fix_random_seed

from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.models import transformers_of
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.pipeline.shared_layers import take_in_shared_layers

#: Scores of a pipeline, as `nlp.evaluate` gives them.
Scores = dict[str, Any]

#: The share of the training in which the rate of learning rises. At the start the pipeline is as
#: its teacher, so that most of the gradient is noise, to which Adam gives the size of the rate.
WARM_UP = 0.05


class Schedule(NamedTuple):
    """epochs: passes over the examples. learn_rate: the highest; it rises and then falls to zero
    linearly. dropout: of the student; its teacher has none."""

    epochs: int
    learn_rate: float
    dropout: float

    def rate(self, progress: float) -> float:
        """The rate of learning after a share of the training."""
        return self.learn_rate * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))


def usual_learn_rate(tagger: NERTagger) -> float:
    """The highest rate that does well: with a transformer a lower one."""
    return 0.001 if transformers_of(tagger.model) else 0.003


def prepare(nlp: Language, examples: list[Example]) -> NERTagger:
    """The tagger of a pipeline, with the labels of the examples and with layers of its own.

    Raises ValueError, in one line, for a pipeline that has no `ner_tagger`, or several.
    """
    tagger = find_tagger(nlp)
    take_in_shared_layers(nlp, tagger.name)
    # Before there are new labels, of which the old model knows nothing. spaCy would resolve the
    # config's optimizer without its variables.
    nlp.resume_training(sgd=training_settings(nlp)["optimizer"])
    for label in sorted({ent.label_ for eg in examples for ent in eg.reference.ents}):
        tagger.add_label(label)
    return tagger


def continue_training(
    nlp: Language,
    examples: list[Example],
    dev: list[Example] | None,
    *,
    schedule: Schedule,
    evaluated: Callable[[int, float, Scores], None],
) -> Scores:
    """Train the tagger of a pipeline (`prepare`) on examples, by `NERTagger.rehearse`: what they
    annotate is learned, and of the rest nothing is forgotten. Batches, optimizer and seed are those
    of the pipeline's config.

    dev: The pipeline becomes what it was after the epoch with the best F1 on them; after the last
        one if None.
    evaluated: Called after each epoch with its number from 1, the loss of it and the scores on dev.
    RETURNS (Scores): Those of the best epoch on dev; none without dev.
    """
    tagger = find_tagger(nlp)
    settings = training_settings(nlp)
    optimizer, weights, best = settings["optimizer"], None, {}
    if settings["seed"] is not None:
        fix_random_seed(settings["seed"])
    for epoch, loss in _epochs(nlp, tagger, examples, settings, schedule):
        with tagger.model.use_params(optimizer.averages) if optimizer.averages else nullcontext():
            scores = nlp.evaluate(dev) if dev else {}
            evaluated(epoch, loss, scores)
            is_last = epoch == schedule.epochs
            if weights is None or _f1(scores) > _f1(best) if dev else is_last:
                weights, best = tagger.model.to_bytes(), scores
    if weights is not None:
        tagger.model.from_bytes(weights)
    return best


def training_settings(nlp: Language) -> dict[str, Any]:
    """The resolved section [training] of a pipeline's config. Raises ValueError for values that
    it can't have."""
    try:
        return registry.resolve(nlp.config.interpolate()["training"], schema=ConfigSchemaTraining)
    except ConfigValidationError as error:
        first = error.errors[0]
        name = ".".join(map(str, ("training", *first["loc"])))
        raise ValueError(f"{name}: {first['msg']}") from error


def _epochs(
    nlp: Language,
    tagger: NERTagger,
    examples: list[Example],
    settings: dict[str, Any],
    schedule: Schedule,
) -> Iterator[tuple[int, float]]:
    """Train, and give each epoch that is done with its loss."""
    optimizer: Optimizer = settings["optimizer"]
    losses: dict[str, float] = {}
    current = seen = 0
    batches = create_train_batches(
        nlp, lambda _: iter(examples), settings["batcher"], schedule.epochs
    )
    for epoch, batch in batches:
        if epoch != current:
            yield epoch, losses.pop(tagger.name, 0.0)
            current = epoch
        optimizer.step_schedules()
        middle = seen + len(batch) / 2
        optimizer.learn_rate = schedule.rate(middle / (schedule.epochs * len(examples)))
        tagger.rehearse(batch, drop=schedule.dropout, sgd=optimizer, losses=losses)
        seen += len(batch)
    yield current + 1, losses.pop(tagger.name, 0.0)


def _f1(scores: Scores) -> float:
    return scores.get("ents_f") or 0.0
