"""A corpus that is changed as a person has decided."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import attrgetter

from spacy.tokens import Doc

from spacy_ner_archs.annotators.reading.answer import Place
from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.decision import Decision
from spacy_ner_archs.auditing.retag import Retag, retagged
from spacy_ner_archs.corpus.rejected_spans import rejected_spans
from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity
from spacy_ner_archs.evaluation.shown_sentences import entity_text


def changes_of(docs: Sequence[Doc], decisions: Iterable[Decision]) -> list[Retag]:
    """What to change in the docs, each place once.

    RAISES (CorpusError): In one line with the places of the decisions, where they can't all be
        followed.
    """
    changes = []
    of_doc = attrgetter("doc")
    for i, group in groupby(sorted(decisions, key=of_doc), key=of_doc):
        here = list(group)
        _check(docs[i], here)
        removed = {entity for decision in here for entity in decision.removed}
        added = {entity for decision in here for entity in decision.added}
        changes += [Retag(i, entity.start, entity.end, OUTSIDE) for entity in sorted(removed)]
        changes += [Retag(i, *entity) for entity in sorted(added)]
    return changes


def corrected_corpus(corpus: CorpusFile, changes: Iterable[Retag]) -> bytes:
    """The bytes of a .spacy file."""
    return retagged(corpus.docbin, changes)


def _check(doc: Doc, decisions: Sequence[Decision]) -> None:
    """All decisions are of the doc."""
    for said, denied in (("removed", "kept"), ("added", "refused")):
        sayers, deniers = _places(decisions, said), _places(decisions, denied)
        for entity in sorted(sayers.keys() & deniers.keys()):
            reason = f"{deniers[entity]} says something else of {_told(doc, entity)}"
            raise sayers[entity].error(reason)
    added, removed = _places(decisions, "added"), _places(decisions, "removed")
    for entity in sorted(added.keys() & rejected_spans(doc)):
        raise added[entity].error(f"{_told(doc, entity)} is a rejected span of the corpus")
    there = {Entity(ent.start, ent.end, ent.label_) for ent in doc.ents} - removed.keys()
    for first, second in pairwise(sorted({*added, *there})):
        if second.start < first.end:
            place = added.get(second) or added[first]
            raise place.error(f"{_told(doc, first)} and {_told(doc, second)} overlap")


def _places(decisions: Iterable[Decision], what: str) -> dict[Entity, Place]:
    """The first place of each entity."""
    found: dict[Entity, Place] = {}
    for decision in decisions:
        for entity in getattr(decision, what):
            found.setdefault(entity, decision.place)
    return found


def _told(doc: Doc, entity: Entity) -> str:
    return f"{entity_text(doc, entity)} ({entity.label})"
