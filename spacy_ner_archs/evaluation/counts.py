"""True positives, false positives and false negatives of each example, for statistics over them."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity

#: Says which part of the entities one of a doc belongs to.
Bucket = Callable[[Doc, Entity], str]


def aligned_entities(example: Example) -> tuple[Counter[Entity], Counter[Entity]]:
    """Predicted and gold entities on the reference's tokens."""
    predicted = [Entity(ent.start, ent.end, ent.label_) for ent in example.predicted.ents]
    gold = (Entity(ent.start, ent.end, ent.label_) for ent in example.reference.ents)
    return Counter(filter(None, aligned(example, predicted))), Counter(gold)


def aligned(example: Example, predicted: Sequence[Entity]) -> list[Entity | None]:
    """Entities of the predicted doc on the reference's tokens, as spaCy's scorer compares them:
    None where the annotation is missing, or where none of the tokens is the entity's. Two of them
    in one token of the reference are one entity, twice."""
    reference, x2y = example.reference, example.alignment.x2y
    found: list[Entity | None] = []
    for start, end, label in predicted:
        indices = x2y[start:end]
        place = (int(indices[0]), int(indices[-1]) + 1) if len(indices) else (0, 0)
        is_known = len(indices) and all(token.ent_iob for token in reference[slice(*place)])
        found.append(Entity(*place, label) if is_known else None)
    return found


def by_label(doc: Doc, entity: Entity) -> str:
    return entity.label


def entity_counts(examples: list[Example], bucket: Bucket = by_label) -> dict[str, np.ndarray]:
    """Of each part of the entities, the counts of each example: int [N, 3], columns true
    positives, false positives and false negatives, matched strictly. A wrong prediction and a gold
    entity that is missed count in the part that each is in. Examples without annotation count
    nothing."""
    parts: dict[str, np.ndarray] = {}
    for i, example in enumerate(examples):
        predicted, gold = aligned_entities(example)
        for column, entities in enumerate((predicted & gold, predicted - gold, gold - predicted)):
            for entity in entities.elements():
                part = bucket(example.reference, entity)
                counts = parts.setdefault(part, no_counts(examples))
                counts[i, column] += 1
    return dict(sorted(parts.items()))


def no_counts(examples: list[Example]) -> np.ndarray:
    """Those of a part that no entity is in."""
    return np.zeros((len(examples), 3), dtype="int64")
