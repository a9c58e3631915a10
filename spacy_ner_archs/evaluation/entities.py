"""Strict scores of entities: right are those whose boundaries and label are right."""

from typing import Any

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from spacy.scorer import get_ner_prf
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import MISSING
from spacy_ner_archs.corpus.write import tags_of
from spacy_ner_archs.evaluation.predict import on_gold_tokens

TOLERANCE = 1e-9


def entity_scores(examples: list[Example]) -> dict[str, Any]:
    """Precision, recall and F1 as fractions, micro-averaged and per label, by spaCy's scorer.

    Raises ValueError where seqeval (strict, IOB2) gives another F1 on the same predictions.
    Corpora with missing annotation or other tokens than the gold ones have spaCy's figure alone.
    """
    scores = get_ner_prf(examples)
    support: dict[str, int] = {}
    for eg in examples:
        for ent in eg.reference.ents:
            support[ent.label_] = support.get(ent.label_, 0) + 1
    seqeval_f = _seqeval_f(examples)
    spacy_f = scores["ents_f"] or 0.0
    if seqeval_f is not None and abs(seqeval_f - spacy_f) > TOLERANCE:
        raise ValueError(f"spaCy's F1 {spacy_f} and seqeval's {seqeval_f} differ")
    per_type = {
        label: {**prf, "support": support.get(label, 0)}
        for label, prf in sorted((scores["ents_per_type"] or {}).items())
    }
    return {
        "ents_p": scores["ents_p"] or 0.0,
        "ents_r": scores["ents_r"] or 0.0,
        "ents_f": spacy_f,
        "support": sum(support.values()),
        "ents_per_type": per_type,
    }


def _seqeval_f(examples: list[Example]) -> float | None:
    gold, predicted = [], []
    for eg in examples:
        tags = tags_of(eg.reference, "iob2")
        if MISSING in tags or len(eg.predicted) != len(eg.reference):
            return None
        gold.append(tags)
        predicted.append(tags_of(on_gold_tokens(eg), "iob2"))
    return float(f1_score(gold, predicted, mode="strict", scheme=IOB2, zero_division=0))
