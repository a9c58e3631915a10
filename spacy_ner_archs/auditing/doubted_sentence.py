"""A doubt in its sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from spacy_ner_archs.auditing.doubt import Doubt, Reading
from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity
from spacy_ner_archs.evaluation.shown_sentences import sentences_with


@dataclass(frozen=True)
class DoubtedSentence:
    """sentence: as long as its entities and the doubt need. annotated: its entities. corrected: the
    same, with what is better. Both have the doc's tokens."""

    doubt: Doubt
    sentence: Span
    annotated: tuple[Entity, ...]
    corrected: tuple[Entity, ...]


def doubted_sentence(doc: Doc, doubt: Doubt) -> DoubtedSentence:
    entities = [Entity(ent.start, ent.end, ent.label_) for ent in doc.ents]
    place = Entity(doubt.start, doubt.end, "")
    ((sentence, sides),) = sentences_with(doc, [place], {"annotated": entities, "doubt": [place]})
    annotated = tuple(sides["annotated"])
    corrected = (set(annotated) - _entities(doubt.there)) | _entities([doubt.better])
    return DoubtedSentence(doubt, sentence, annotated, tuple(sorted(corrected)))


def doubted_sentences(docs: Sequence[Doc], doubts: Iterable[Doubt]) -> list[DoubtedSentence]:
    return [doubted_sentence(docs[doubt.doc], doubt) for doubt in doubts]


def _entities(readings: Iterable[Reading]) -> set[Entity]:
    return {Entity(r.start, r.end, r.label) for r in readings if r.label != OUTSIDE}
