"""What the examples of an update tell of the tags."""

from typing import NamedTuple

import numpy as np
from spacy.errors import Errors
from spacy.training import Example

from spacy_ner_archs.corpus.annotated_labels import annotated_labels
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan
from spacy_ner_archs.decoders.lattice.token_entities import MISSING, TokenEntities, label_indices
from spacy_ner_archs.thinc_layers.doc_batch import DocBatch


class Annotation(NamedTuple):
    """What is known of the tags of a batch of N tokens.

    allowed: bool [N, K], the tags that are possible at each token. excluded: entities that are
    known to be wrong.
    """

    allowed: np.ndarray
    excluded: list[ExcludedSpan]


def annotation_of(
    examples: list[Example],
    labels: tuple[str, ...],
    incorrect_spans_key: str | None,
    component: str,
) -> Annotation:
    """The tags that each token of the predicted docs may have, and the entities known to be wrong.

    In a reference in which only some labels are annotated (`annotated_labels`), a token outside of
    their entities may have the tags of all others. Examples with an empty predicted doc are left
    out. Raises ValueError for an entity with a label that isn't among the component's labels.
    """
    examples = [eg for eg in examples if len(eg.predicted)]
    tags = _gold_tags(examples, labels, component)
    allowed = np.ones((len(tags), biluo.n_tags(len(labels))), dtype=bool)
    known = np.flatnonzero(tags != MISSING)
    allowed[known] = False
    allowed[known, tags[known]] = True
    _allow_other_labels(allowed, tags, examples, labels)
    if incorrect_spans_key is None:
        return Annotation(allowed, [])
    excluded = set()
    for i, eg in enumerate(examples):
        excluded.update(_excluded_spans(i, eg, labels, incorrect_spans_key))
    return Annotation(allowed, sorted(excluded))


def _allow_other_labels(
    allowed: np.ndarray, tags: np.ndarray, examples: list[Example], labels: tuple[str, ...]
) -> None:
    """Where a reference has only some labels annotated, its O means none of these."""
    end = 0
    for eg in examples:
        start, end = end, end + len(eg.predicted)
        annotated = annotated_labels(eg.reference)
        if annotated is not None:
            outside = start + np.flatnonzero(tags[start:end] == biluo.OUTSIDE)
            is_other = [label not in annotated for label in labels]
            of_others = np.append(False, np.repeat(is_other, biluo.TAGS_PER_LABEL)).astype(bool)
            allowed[np.ix_(outside, of_others)] = True


def _gold_tags(examples: list[Example], labels: tuple[str, ...], component: str) -> np.ndarray:
    """Tags of the predicted docs' tokens, MISSING where the references don't tell."""
    references = DocBatch(eg.reference for eg in examples)
    entities = TokenEntities(references)
    indices = label_indices(labels)
    if set(entities.types[entities.entities].tolist()) - indices.keys():
        found = {ent.label_ for doc in references for ent in doc.ents}
        raise ValueError(
            f"'{component}' has no label {', '.join(sorted(found - set(labels)))}: add_label it "
            "before the update, or give initialize all labels "
            f"(has: {', '.join(labels) or 'none'})"
        )
    tags = np.split(entities.tags(indices), np.cumsum([len(doc) for doc in references])[:-1])
    for i, eg in enumerate(examples):
        if not _same_tokens(eg):
            tags[i] = _aligned_tags(eg, labels)
    return np.concatenate(tags)


def _aligned_tags(example: Example, labels: tuple[str, ...]) -> np.ndarray:
    ids = {None: MISSING, "-": MISSING, "O": biluo.OUTSIDE}
    for i, label in enumerate(labels):
        for position, letter in enumerate("BILU"):
            ids[f"{letter}-{label}"] = biluo.tag(i, position)
    return np.array([ids[tag] for tag in example.get_aligned_ner()], dtype=np.int64)


def _same_tokens(example: Example) -> bool:
    # Example.alignment knows, but takes as long as the network
    return np.array_equal(example.x.to_array("ORTH"), example.y.to_array("ORTH"))


def _excluded_spans(
    sequence: int, example: Example, labels: tuple[str, ...], key: str
) -> list[ExcludedSpan]:
    gold = {(ent.start, ent.end, ent.label) for ent in example.y.ents}
    wrong = example.y.spans.get(key, [])
    for span in wrong:
        if (span.start, span.end, span.label) in gold:
            raise ValueError(Errors.E868.format(span=(span.start, span.end, span.label_)))
    aligned = example.get_aligned_spans_y2x(wrong, allow_overlap=True)
    return [
        ExcludedSpan(sequence, span.start, span.end, labels.index(span.label_))
        for span in aligned
        if span.label_ in labels
    ]
