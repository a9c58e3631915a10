"""Doubts in their sentences: what the corpus has, above what is better."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from spacy_ner_archs.auditing.doubt import Doubt, Reading
from spacy_ner_archs.auditing.doubted_sentence import DoubtedSentence
from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity
from spacy_ner_archs.evaluation.shown_sentences import Place, place_of
from spacy_ner_archs.reporting.marked_sentences import absence, looks_of, markup, uncovered

#: What is told where a row has no entity, and the other has.
NO_ENTITY = "no entity"


def marked_doubts(doubted: Sequence[DoubtedSentence], direction: str) -> list[dict[str, Markup]]:
    """Of each doubt, its sentence with what is `annotated`, and with what is `better`."""
    looks = looks_of(
        entity.label for each in doubted for entity in (*each.annotated, *each.corrected)
    )
    return [_marked(each, looks, direction) for each in doubted]


def _marked(
    doubted: DoubtedSentence, looks: Mapping[str, str], direction: str
) -> dict[str, Markup]:
    annotated = _places(doubted, doubted.annotated, doubted.doubt.there)
    better = _places(doubted, doubted.corrected, [doubted.doubt.better])
    sides = {"annotated": (annotated, better), "better": (better, annotated)}
    return {
        side: markup(
            doubted.sentence.text,
            [
                *(_entity(place, side, looks) for place in own),
                *(_absence(place, doubted.doubt) for place in uncovered(others, own)),
            ],
            direction,
        )
        for side, (own, others) in sides.items()
    }


def _absence(place: Place, doubt: Doubt) -> dict[str, Any]:
    """As displaCy wants it, with the probability of no entity."""
    (p,) = (r.probability for r in (*doubt.there, doubt.better) if r.label == OUTSIDE)
    return absence(place, f"{NO_ENTITY} {p:.2f}")


def _places(
    doubted: DoubtedSentence, entities: Sequence[Entity], readings: Sequence[Reading]
) -> list[Place]:
    """Those of the doubt have a probability."""
    known = {Entity(r.start, r.end, r.label): r.probability for r in readings}
    return [
        place_of(doubted.sentence, entity, entity in known, known.get(entity))
        for entity in entities
    ]


def _entity(place: Place, side: str, looks: Mapping[str, str]) -> dict[str, Any]:
    """As displaCy wants it, which doesn't escape labels."""
    state = {"annotated": "wrong", "better": "better"}[side] if place.is_wrong else "correct"
    told = "" if place.probability is None else f" {place.probability:.2f}"
    params = {"look": f"{state} {looks[place.label]}", "number": "", "told": told}
    label = str(escape(place.label))
    return {"start": place.start, "end": place.end, "label": label, "params": params}
