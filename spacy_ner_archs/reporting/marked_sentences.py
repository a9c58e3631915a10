"""Sentences with their entities marked, a row for each side: gold, and what was predicted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup, escape
from spacy.displacy import EntityRenderer

from spacy_ner_archs.evaluation.comparison import DifferentSentence
from spacy_ner_archs.evaluation.matches import ERROR_KINDS
from spacy_ner_archs.evaluation.shown_sentences import Place
from spacy_ner_archs.evaluation.wrong_entities import WrongSentence

#: How many colours of labels `pages/common.css` has.
LABEL_COLOURS = 7
#: What is told where a side has no entity, and another has one.
ABSENT = {"gold": "no entity"}
NOT_FOUND = ERROR_KINDS["missed"]

#: displaCy's, with what is wrong told, and the probability.
ENTITY = '<mark class="{look}">{number}{text} <span class="label">{label}{told}</span></mark>'
Row = list[dict[str, Any]]


def marked_sentences(
    sentences: Sequence[WrongSentence | DifferentSentence], sides: Sequence[str], direction: str
) -> list[dict[str, Markup]]:
    """Of each sentence, its text with the entities of each side. sides: gold first. A place where
    a side has no entity, and gold or a prediction has one, is marked, too."""
    of_all = (place for each in sentences for side in sides for place in getattr(each, side))
    looks = looks_of(place.label for place in of_all)
    return [_marked_sides(sentence, sides, looks, direction) for sentence in sentences]


def looks_of(labels: Iterable[str]) -> dict[str, str]:
    """The class of each label's colour."""
    return {label: f"label-{i % LABEL_COLOURS}" for i, label in enumerate(sorted(set(labels)))}


def _marked_sides(
    sentence: WrongSentence | DifferentSentence,
    sides: Sequence[str],
    looks: Mapping[str, str],
    direction: str,
) -> dict[str, Markup]:
    places = {side: getattr(sentence, side) for side in sides}
    predicted = [place for side in sides[1:] for place in places[side]]
    marked = {}
    for side in sides:
        entities = [_entity(sentence, side, place, looks) for place in places[side]]
        others = predicted if side == "gold" else places["gold"]
        told = ABSENT.get(side, NOT_FOUND)
        entities += [absence(place, told) for place in uncovered(others, places[side])]
        marked[side] = markup(sentence.text, entities, direction)
    return marked


def _entity(
    sentence: WrongSentence | DifferentSentence, side: str, place: Place, looks: Mapping[str, str]
) -> dict[str, Any]:
    """As displaCy wants it, which doesn't escape labels."""
    probability = "" if place.probability is None else f" {place.probability:.2f}"
    state = "wrong" if place.is_wrong else "correct"
    number, how = "", ""
    if place.is_wrong and side != "gold":
        how = "wrong"
    if isinstance(sentence, WrongSentence) and place.error is not None:
        how = ERROR_KINDS[sentence.errors[place.error].kind] if how else ""
        number = _number(sentence, place.error)
    return {
        "start": place.start,
        "end": place.end,
        "label": str(escape(place.label)),
        "params": {
            "look": f"{state} {looks[place.label]}",
            "number": number,
            "told": f"{probability}{f': {how}' if how else ''}",
        },
    }


def _number(sentence: WrongSentence, error: int) -> str:
    """Of an error, where a sentence has more than one."""
    return f'<span class="number">{error + 1}</span> ' if len(sentence.errors) > 1 else ""


def absence(place: Place, told: str) -> dict[str, Any]:
    """As displaCy wants it: a place without an entity, and what is told there."""
    params = {"look": "absent", "number": "", "told": ""}
    return {"start": place.start, "end": place.end, "label": told, "params": params}


def uncovered(others: Sequence[Place], own: Sequence[Place]) -> Iterator[Place]:
    """The others that overlap none of a side's own."""
    for other in others:
        if not any(other.start < place.end and place.start < other.end for place in own):
            yield other


def markup(text: str, entities: Row, direction: str) -> Markup:
    """The text with its entities marked by displaCy, which can't show two at one place."""
    shown: Row = []
    for entity in sorted(entities, key=lambda each: (each["start"], each["end"])):
        if not shown or entity["start"] >= shown[-1]["end"]:
            shown.append(entity)
    doc = {"text": text, "ents": shown, "title": None, "settings": {"direction": direction}}
    return Markup(_renderer().render([doc]).strip())


@cache  # each new one looks through all of the environment's entry points
def _renderer() -> EntityRenderer:
    return EntityRenderer({"template": ENTITY})
