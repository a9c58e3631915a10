"""A report of predictions."""

from collections import Counter
from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from spacy_ner_archs.corpus.schemes import Scheme
from spacy_ner_archs.evaluation.confidence import confidence_of
from spacy_ner_archs.evaluation.confusion import confusion_of
from spacy_ner_archs.evaluation.entities import entity_scores
from spacy_ner_archs.evaluation.matches import matches
from spacy_ner_archs.evaluation.predict import Predictions
from spacy_ner_archs.evaluation.report import Report, size_of
from spacy_ner_archs.evaluation.shown_sentences import direction_of
from spacy_ner_archs.evaluation.slices import fold_scores, names_in, slice_scores
from spacy_ner_archs.evaluation.tags import tag_pairs, tag_scores
from spacy_ner_archs.evaluation.training_log import Point
from spacy_ner_archs.evaluation.wrong_entities import wrong_entities


def make_report(
    predictions: Predictions,
    scheme: Scheme,
    train: Sequence[Doc] | None = None,
    runs: Mapping[str, Sequence[Point]] | None = None,
    *,
    resamples: int = 1000,
) -> Report:
    """Scores with their 95 % bootstrap intervals, confusions, and each wrong entity.

    scheme: of the scores of single tokens' tags. train: the training data's docs, to score names
    that it has and others apart, and for the verdicts on wrong entities. runs: trainings by name.
    """
    examples = predictions.examples
    names = None if train is None else names_in(train)
    scores = entity_scores(examples, resamples=resamples)
    micro = scores.micro
    found = [matches(example) for example in examples]
    folds = (
        {"fold": fold_scores(examples, predictions.folds, resamples)} if predictions.folds else {}
    )
    return Report(
        ents_p=micro.p,
        ents_r=micro.r,
        ents_f=micro.f,
        ents_per_type=scores.per_label,
        seqeval_f=scores.seqeval_f,
        interval=micro.interval,
        support=micro.support or 0,
        macro=scores.macro,
        slices={**folds, **slice_scores(examples, names, resamples)},
        labels=predictions.labels,
        model=predictions.model,
        corpus=size_of(predictions.file, [eg.reference for eg in examples]),
        cost=predictions.cost,
        direction=direction_of(examples),
        confusion=confusion_of(Counter(match.labels for of_doc in found for match in of_doc)),
        tags=tag_scores(tag_pairs(examples, scheme), scheme),
        errors=wrong_entities(predictions, found, train),
        training={name: tuple(points) for name, points in (runs or {}).items()},
        confidence=confidence_of(examples, found, predictions.probabilities),
    )
