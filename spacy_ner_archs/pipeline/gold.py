"""What the examples of an update tell of the tags."""

import numpy as np
from spacy.errors import Errors
from spacy.training import Example

from ..architectures.tag_decoder import Annotation
from ..torch_layers import biluo
from ..torch_layers.lattice import ExcludedSpan
from .tags import MISSING, TokenEntities


def annotation_of(
    examples: list[Example],
    labels: dict[int, int],
    incorrect_spans_key: str | None,
    component: str,
) -> Annotation:
    """The tags that each token of the predicted docs may have, and the entities known to be wrong.

    examples: none of them with an empty predicted doc. labels: hashes of the labels to their
    indices. Raises ValueError for a label that isn't among them.
    """
    tags = np.concatenate([_gold_tags(eg, labels, component) for eg in examples])
    allowed = np.ones((len(tags), biluo.n_tags(len(labels))), dtype=bool)
    known = np.flatnonzero(tags != MISSING)
    allowed[known] = False
    allowed[known, tags[known]] = True
    if incorrect_spans_key is None:
        return Annotation(allowed, [])
    excluded = set()
    for i, eg in enumerate(examples):
        excluded.update(_excluded_spans(i, eg, labels, incorrect_spans_key))
    return Annotation(allowed, sorted(excluded))


def _gold_tags(example: Example, labels: dict[int, int], component: str) -> np.ndarray:
    """Tags of the predicted doc's tokens, MISSING where the reference doesn't tell."""
    reference = TokenEntities([example.y])
    unknown = set(reference.types[reference.entities].tolist()) - labels.keys()
    if unknown:
        names = ", ".join(sorted(example.y.vocab.strings[key] for key in unknown))
        raise ValueError(
            f"'{component}' has no label {names}: add_label it before the update, or give "
            f"initialize all labels (has: {', '.join(example.y.vocab.strings[k] for k in labels)})"
        )
    if _same_tokens(example):
        return reference.tags(labels)
    strings = example.y.vocab.strings
    ids = {None: MISSING, "-": MISSING, "O": biluo.OUTSIDE}
    for key, label in labels.items():
        for position, letter in enumerate("BILU"):
            ids[f"{letter}-{strings[key]}"] = biluo.tag(label, position)
    return np.array([ids[tag] for tag in example.get_aligned_ner()])


def _same_tokens(example: Example) -> bool:
    # Example.alignment knows, but takes as long as a step of the network
    return np.array_equal(example.x.to_array("ORTH"), example.y.to_array("ORTH"))


def _excluded_spans(
    sequence: int, example: Example, labels: dict[int, int], key: str
) -> list[ExcludedSpan]:
    gold = {(ent.start, ent.end, ent.label) for ent in example.y.ents}
    wrong = example.y.spans.get(key, [])
    for span in wrong:
        if (span.start, span.end, span.label) in gold:
            raise ValueError(Errors.E868.format(span=(span.start, span.end, span.label_)))
    aligned = example.get_aligned_spans_y2x(wrong, allow_overlap=True)
    return [
        ExcludedSpan(sequence, span.start, span.end, labels[span.label])
        for span in aligned
        if span.label in labels
    ]
