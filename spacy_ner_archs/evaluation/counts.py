"""True positives, false positives and false negatives of each example, for statistics over them."""

import numpy as np
from spacy.scorer import PRFScore
from spacy.training import Example

#: An entity on the reference's tokens: its label, first token, and the one behind its last.
Entity = tuple[str, int, int]


def entity_sets(example: Example) -> tuple[set[Entity], set[Entity]]:
    """Predicted and gold entities, as spaCy's scorer compares them: a prediction is left out where
    the annotation is missing, or where no token of the reference belongs to it."""
    reference = example.reference
    predicted = set()
    x2y = example.alignment.x2y
    for ent in example.predicted.ents:
        indices = x2y[ent.start : ent.end]
        if len(indices):
            start, end = int(indices[0]), int(indices[-1]) + 1
            if all(token.ent_iob for token in reference[start:end]):
                predicted.add((ent.label_, start, end))
    return predicted, {(ent.label_, ent.start, ent.end) for ent in reference.ents}


def entity_counts(examples: list[Example]) -> dict[str, np.ndarray]:
    """Of each label, the counts of each example: int [N, 3], columns true positives, false
    positives and false negatives, matched strictly. Examples without annotation count nothing."""
    scores = [_score(example) for example in examples]
    labels = sorted({label for of_example in scores for label in of_example})
    none = PRFScore()
    return {
        label: np.array(
            [(s.tp, s.fp, s.fn) for s in (of_example.get(label, none) for of_example in scores)],
            dtype="int64",
        )
        for label in labels
    }


def f1(counts: np.ndarray) -> np.ndarray:
    """F1 of counts [..., 3]; 0 where nothing is right."""
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def _score(example: Example) -> dict[str, PRFScore]:
    if not example.reference.has_annotation("ENT_IOB"):
        return {}
    predicted, gold = entity_sets(example)
    scores: dict[str, PRFScore] = {}
    for label in {label for label, _, _ in predicted | gold}:
        scores[label] = PRFScore()
        scores[label].score_set(
            {entity for entity in predicted if entity[0] == label},
            {entity for entity in gold if entity[0] == label},
        )
    return scores
