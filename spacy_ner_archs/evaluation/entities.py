"""Strict scores of entities: right are those whose boundaries and label are right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from spacy.scorer import get_ner_prf
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE
from spacy_ner_archs.corpus.write import tags_of
from spacy_ner_archs.evaluation.counts import entity_counts, no_counts
from spacy_ner_archs.evaluation.predict import on_gold_tokens
from spacy_ner_archs.evaluation.scores import Scores
from spacy_ner_archs.evaluation.significance import f1_interval

TOLERANCE = 1e-9


@dataclass(frozen=True)
class EntityScores:
    """micro: of all entities. per_label: of each. macro: means over the labels that anything was
    scored of, each counted once. seqeval_f: seqeval's F1 (strict, IOB2) of the same predictions,
    None where it can't be had: with missing annotation, with other tokens than the gold ones, or
    without any."""

    micro: Scores
    per_label: dict[str, Scores]
    macro: Scores
    seqeval_f: float | None


def entity_scores(examples: list[Example], *, resamples: int = 1000) -> EntityScores:
    """By spaCy's scorer, with bootstrap intervals."""
    scores = get_ner_prf(examples)
    counts = entity_counts(examples)
    none = no_counts(examples)
    support = Counter(ent.label_ for eg in examples for ent in eg.reference.ents)
    per_label = {
        label: Scores(
            prf["p"],
            prf["r"],
            prf["f"],
            f1_interval(counts.get(label, none), resamples=resamples),
            support[label],
        )
        for label, prf in sorted((scores["ents_per_type"] or {}).items())
    }
    micro = Scores(
        scores["ents_p"] or 0.0,
        scores["ents_r"] or 0.0,
        scores["ents_f"] or 0.0,
        f1_interval(sum(counts.values(), none), resamples=resamples),
        support.total(),
    )
    macro = _mean([per_label[label] for label in counts])
    return EntityScores(micro, per_label, macro, _seqeval_f(examples))


def scorers_agree(f1: float, seqeval_f: float | None) -> bool:
    """Whether spaCy's F1 and seqeval's are one, where seqeval's could be had."""
    return seqeval_f is None or abs(seqeval_f - f1) <= TOLERANCE


def _mean(scores: Sequence[Scores]) -> Scores:
    rows = [(each.p, each.r, each.f) for each in scores] or [(0.0, 0.0, 0.0)]
    p, r, f = np.mean(rows, axis=0).tolist()
    return Scores(p, r, f)


def _seqeval_f(examples: list[Example]) -> float | None:
    gold, predicted = [], []
    names: dict[str, str] = {}
    for eg in examples:
        tags = tags_of(eg.reference, "iob2")
        same_tokens = [t.text for t in eg.predicted] == [t.text for t in eg.reference]
        if MISSING in tags or not same_tokens:
            return None
        gold.append(_renamed(tags, names))
        predicted.append(_renamed(tags_of(on_gold_tokens(eg), "iob2"), names))
    if not gold:
        return None
    return float(f1_score(gold, predicted, mode="strict", scheme=IOB2, zero_division=0))


def _renamed(tags: list[str], names: dict[str, str]) -> list[str]:
    """Tags with numbers for labels: seqeval reads a label's own dashes as part of the scheme."""
    return [
        tag if tag == OUTSIDE else f"{tag[:2]}{names.setdefault(tag[2:], str(len(names)))}"
        for tag in tags
    ]
