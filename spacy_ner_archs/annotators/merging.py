"""All that was said about a text, put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy_ner_archs.annotators.reading.answer import Answer, Marked, Place

Said = tuple[Place, Answer]


@dataclass(frozen=True)
class Known:
    """What is known of a text. spans: its entities. wrong: spans that are none. is_complete: has it
    no other entities? place: of the first answer."""

    place: Place
    text: str
    spans: tuple[Marked, ...]
    wrong: tuple[Marked, ...]
    words: tuple[str, ...] | None
    is_complete: bool


def merge(answers: Iterable[Said]) -> list[Known]:
    """What is known of each text, in the order of the first answers.

    RAISES (CorpusError): In one line, for answers that contradict each other, and for entities that
        overlap.
    """
    of_texts: dict[str, list[Said]] = {}
    for said in answers:
        of_texts.setdefault(said[1].text, []).append(said)
    return [_known(of_text) for of_text in of_texts.values()]


def _known(of_text: Sequence[Said]) -> Known:
    complete, asked = _by_kind(of_text)
    for place, answer in complete[1:]:
        if answer.spans != complete[0][1].spans:
            raise place.error(
                f"{answer.text!r:.60} is annotated in another way than in {complete[0][0]}; keep "
                "one of the two"
            )
    for place, answer in asked if complete else []:
        for span in answer.spans - complete[0][1].spans:
            raise place.error(
                f"{span.shown(answer.text)} is no entity in {complete[0][0]}; keep one of the two"
            )
    accepted = {span: place for place, answer in reversed(of_text) for span in answer.spans}
    for place, answer in of_text:
        for span in answer.wrong & accepted.keys():
            raise place.error(
                f"{span.shown(answer.text)} is rejected here and an entity in {accepted[span]}; "
                "keep one of the two"
            )
    place, first = of_text[0]
    _refuse_overlap(first.text, accepted)
    wrong = {span for _, answer in of_text for span in answer.wrong}
    words = next((answer.words for _, answer in of_text if answer.words), None)
    spans = tuple(sorted(accepted))
    return Known(place, first.text, spans, tuple(sorted(wrong)), words, bool(complete))


def _by_kind(of_text: Sequence[Said]) -> tuple[list[Said], list[Said]]:
    """Complete annotations, and answers to questions. Where the tool doesn't tell, several answers
    of one span each are answers to questions."""
    unknown = [answer for _, answer in of_text if answer.is_question is None]
    several = len({(answer.spans, answer.wrong) for _, answer in of_text}) > 1
    are_questions = several and all(len(answer.spans) == 1 for answer in unknown)
    complete: list[Said] = []
    asked: list[Said] = []
    for said in of_text:
        known = said[1].is_question
        (asked if (are_questions if known is None else known) else complete).append(said)
    return complete, asked


def _refuse_overlap(text: str, spans: dict[Marked, Place]) -> None:
    for one, other in pairwise(sorted(spans)):
        if other.start < one.end:
            place = max(spans[one], spans[other], key=lambda place: place.number)
            raise place.error(
                f"{one.shown(text)} and {other.shown(text)} overlap; entities can't, so remove one"
            )
