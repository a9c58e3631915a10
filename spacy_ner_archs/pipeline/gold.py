"""What the examples of an update tell of the tags."""

import numpy as np
from spacy.errors import Errors
from spacy.training import Example

from spacy_ner_archs.architectures.tag_decoder import Annotation
from spacy_ner_archs.pipeline.tags import MISSING, TokenEntities
from spacy_ner_archs.torch_layers import biluo
from spacy_ner_archs.torch_layers.lattice import ExcludedSpan


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
    tags = _gold_tags(examples, labels, component)
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


def _gold_tags(examples: list[Example], labels: dict[int, int], component: str) -> np.ndarray:
    """Tags of the predicted docs' tokens, MISSING where the references don't tell."""
    references = [eg.reference for eg in examples]
    entities = TokenEntities(references)
    strings = references[0].vocab.strings
    unknown = set(entities.types[entities.entities].tolist()) - labels.keys()
    if unknown:
        names = ", ".join(sorted(strings[key] for key in unknown))
        raise ValueError(
            f"'{component}' has no label {names}: add_label it before the update, or give "
            f"initialize all labels (has: {', '.join(strings[key] for key in labels) or 'none'})"
        )
    tags = np.split(entities.tags(labels), np.cumsum([len(doc) for doc in references])[:-1])
    for i, eg in enumerate(examples):
        if not _same_tokens(eg):
            tags[i] = _aligned_tags(eg, labels)
    return np.concatenate(tags)


def _aligned_tags(example: Example, labels: dict[int, int]) -> np.ndarray:
    strings = example.reference.vocab.strings
    ids = {None: MISSING, "-": MISSING, "O": biluo.OUTSIDE}
    for key, label in labels.items():
        for position, letter in enumerate("BILU"):
            ids[f"{letter}-{strings[key]}"] = biluo.tag(label, position)
    return np.array([ids[tag] for tag in example.get_aligned_ner()], dtype=np.int64)


def _same_tokens(example: Example) -> bool:
    # Example.alignment knows, but takes as long as the network
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
