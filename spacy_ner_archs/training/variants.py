"""New examples from old ones, for augmenters."""

from collections.abc import Iterable
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from spacy_ner_archs.corpus.annotated_labels import annotated_labels, set_annotated_labels


class Part(NamedTuple):
    """Some of a new example's words.

    label: of the entity that they are, or None. is_known: whether it is known what they are.
    """

    words: list[str]
    label: str | None
    is_known: bool
    starts_sentence: list[bool | int | None]


def parts_of(doc: Doc) -> list[Part]:
    """Entities, and single words outside them."""
    return [
        Part(
            [token.text for token in span],
            span.label_ or None,
            bool(span[0].ent_iob),  # 0 where the annotation is missing
            [token.is_sent_start for token in span],
        )
        for span in _spans_of(doc)
    ]


def _spans_of(doc: Doc) -> Iterable[Span]:
    entities = {ent.start: ent for ent in doc.ents}
    i = 0
    while i < len(doc):
        span = entities.get(i) or doc[i : i + 1]
        yield span
        i = span.end


def make_example(nlp: Language, parts: Iterable[Part], old: Doc) -> Example:
    """An example with words, entities and sentences, and no other annotation. Its words are those
    of the parts, however the pipeline's tokenizer would split them. The labels that are annotated
    are those of the old reference."""
    parts = list(parts)
    words = [word for part in parts for word in part.words]
    starts = [start for part in parts for start in part.starts_sentence]
    reference = Doc(nlp.vocab, words=words, sent_starts=starts)
    entities, missing = [], []
    i = 0
    for part in parts:
        span = Span(reference, i, i + len(part.words), label=part.label or "")
        if part.label:
            entities.append(span)
        elif not part.is_known:
            missing.append(span)
        i = span.end
    reference.set_ents(entities, missing=missing, default="outside")
    if (labels := annotated_labels(old)) is not None:
        set_annotated_labels(reference, labels)
    return Example(Doc(nlp.vocab, words=words), reference)
