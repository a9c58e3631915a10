"""Strict scores of entities: right are those whose boundaries and label are right."""

from collections.abc import Mapping
from typing import Any

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from spacy.scorer import get_ner_prf
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE
from spacy_ner_archs.corpus.write import tags_of
from spacy_ner_archs.evaluation.predict import on_gold_tokens

TOLERANCE = 1e-9


def entity_scores(examples: list[Example]) -> dict[str, Any]:
    """Precision, recall and F1 as fractions, micro-averaged and per label, by spaCy's scorer.

    seqeval_f is seqeval's F1 (strict, IOB2) of the same predictions, None where it can't be had:
    with missing annotation, with other tokens than the gold ones, or without any.
    """
    scores = get_ner_prf(examples)
    support: dict[str, int] = {}
    for eg in examples:
        for ent in eg.reference.ents:
            support[ent.label_] = support.get(ent.label_, 0) + 1
    per_type = {
        label: {**prf, "support": support.get(label, 0)}
        for label, prf in sorted((scores["ents_per_type"] or {}).items())
    }
    return {
        "ents_p": scores["ents_p"] or 0.0,
        "ents_r": scores["ents_r"] or 0.0,
        "ents_f": scores["ents_f"] or 0.0,
        "seqeval_f": _seqeval_f(examples),
        "support": sum(support.values()),
        "ents_per_type": per_type,
    }


def scorers_agree(scores: Mapping[str, Any]) -> bool:
    """Whether spaCy's F1 and seqeval's are one, where seqeval's could be had."""
    return scores["seqeval_f"] is None or abs(scores["seqeval_f"] - scores["ents_f"]) <= TOLERANCE


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
