"""All that is known of a pipeline's predictions on a corpus, as plain values for JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Scheme
from spacy_ner_archs.evaluation.confusion import Pairs, confusion_of, patterns_of
from spacy_ner_archs.evaluation.counts import entity_counts
from spacy_ner_archs.evaluation.entities import entity_scores
from spacy_ner_archs.evaluation.errors import error_report, label_of
from spacy_ner_archs.evaluation.matches import matches
from spacy_ner_archs.evaluation.sentences import direction_of
from spacy_ner_archs.evaluation.significance import f1_interval
from spacy_ner_archs.evaluation.slices import slice_scores
from spacy_ner_archs.evaluation.tags import tag_pairs, tag_scores


def make_report(
    examples: list[Example], scheme: Scheme, names: set[str] | None = None, *, resamples: int = 1000
) -> dict[str, Any]:
    """Scores with their 95 % bootstrap intervals, confusions, and each wrong entity.

    examples: with predictions. scheme: of the scores of single tokens' tags. names: the texts of
    the training data's entities (`names_in`), to score seen and unseen ones apart.

    The top level has the keys of `spacy evaluate`'s output (ents_f, ents_per_type, ...); all scores
    are fractions.
    """
    report = entity_scores(examples)
    counts = entity_counts(examples)
    total = sum(counts.values(), np.zeros((len(examples), 3), dtype="int64"))
    report["interval"] = f1_interval(total, resamples=resamples)
    for label, prf in report["ents_per_type"].items():
        of_label = counts.get(label, np.zeros((len(examples), 3), dtype="int64"))
        prf["interval"] = f1_interval(of_label, resamples=resamples)
    found = [matches(example) for example in examples]
    entity_pairs = Counter(
        (label_of(match.gold), label_of(match.predicted)) for of_doc in found for match in of_doc
    )
    of_tags = tag_pairs(examples, scheme)
    return {
        **report,
        "direction": direction_of(examples),
        "macro": _macro([report["ents_per_type"][label] for label in counts]),
        "corpus": _size(examples),
        "slices": slice_scores(examples, names, resamples),
        "confusion": _confusion(entity_pairs),
        "tags": {**tag_scores(of_tags, scheme), "confusion": _confusion(of_tags)},
        "errors": error_report(examples, found),
    }


def _macro(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means over the labels that anything was scored of, each counted once."""
    return {key: float(np.mean([prf[key] for prf in scores] or [0])) for key in "prf"}


def _size(examples: list[Example]) -> dict[str, int]:
    docs = [example.reference for example in examples]
    with_sentences = [doc for doc in docs if doc.has_annotation("SENT_START")]
    return {
        "docs": len(docs),
        "sentences": sum(len(list(doc.sents)) for doc in with_sentences),
        "tokens": sum(map(len, docs)),
        "entities": sum(len(doc.ents) for doc in docs),
    }


def _confusion(pairs: Pairs) -> dict[str, Any]:
    labels, counts = confusion_of(pairs)
    patterns = [
        {"gold": gold, "predicted": found, "count": n} for gold, found, n in patterns_of(pairs)
    ]
    return {"labels": labels, "counts": counts.tolist(), "patterns": patterns}
