"""Two pipelines' predictions on one corpus."""

from collections import Counter
from typing import Any

import numpy as np
from spacy.training import Example

from spacy_ner_archs.evaluation.counts import aligned_entities, entity_counts, f1
from spacy_ner_archs.evaluation.sentences import (
    direction_of,
    entity_text,
    sentence_of,
    sentences_with,
)
from spacy_ner_archs.evaluation.significance import f1_difference


def compare(
    names: tuple[str, str],
    first: list[Example],
    second: list[Example],
    *,
    resamples: int = 1000,
) -> dict[str, Any]:
    """Strict F1 of both, its difference (first minus second) with a 95 % interval and p-values, of
    all entities and of each label, and the entities that one alone gets right.

    first, second: with predictions, for the same docs in the same order.
    """
    counts = [entity_counts(examples) for examples in (first, second)]
    none = np.zeros((len(first), 3), dtype="int64")
    labels = sorted(counts[0].keys() | counts[1].keys())
    rows = {
        label: _difference(*(c.get(label, none) for c in counts), resamples=resamples)
        for label in labels
    }
    total = _difference(*(sum(c.values(), none) for c in counts), resamples=resamples)
    return {
        "names": list(names),
        "direction": direction_of(first),
        "all": total,
        "labels": rows,
        **_alone(first, second),
    }


def _difference(first: np.ndarray, second: np.ndarray, *, resamples: int) -> dict[str, Any]:
    difference = f1_difference(first, second, resamples=resamples)
    scores = {"first": float(f1(first.sum(axis=0))), "second": float(f1(second.sum(axis=0)))}
    return {**scores, **difference._asdict()}


def _alone(first: list[Example], second: list[Example]) -> dict[str, Any]:
    """The gold entities that one finds and the other doesn't, counted, and in their sentences."""
    counts: Counter[tuple[str, str]] = Counter()
    sentences = []
    for i, (one, other) in enumerate(zip(first, second, strict=True)):
        found_first, gold = map(set, aligned_entities(one))
        found_second, _ = map(set, aligned_entities(other))
        right = {
            **dict.fromkeys(gold & found_first - found_second, "first"),
            **dict.fromkeys(gold & found_second - found_first, "second"),
        }
        counts.update((side, entity.label) for entity, side in right.items())
        doc = one.reference
        sides = {"gold": [*gold], "first": [*found_first], "second": [*found_second]}
        for start, sentence in sentences_with(doc, right, sides):
            errors = [
                {"text": entity_text(doc, entity), "gold": entity.label, "right": side}
                for entity, side in sorted(right.items())
                if sentence_of(doc, entity).start == start
            ]
            sentences.append({"doc": i, **sentence, "errors": errors})
    labels = sorted({label for _, label in counts})
    alone = {side: {label: counts[side, label] for label in labels} for side in ("first", "second")}
    return {"right_alone": alone, "sentences": sentences}
