"""Each wrong entity in its sentence, and which mistakes are frequent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.matches import ERROR_KINDS, Match
from spacy_ner_archs.evaluation.shown_sentences import (
    Place,
    entity_text,
    sentence_of,
    sentences_with,
)


@dataclass(frozen=True)
class WrongEntity:
    """kind: of `ERROR_KINDS`. gold, predicted: labels, O for none. text: the gold entity's, or the
    predicted one's."""

    kind: str
    gold: str
    predicted: str
    text: str


@dataclass(frozen=True)
class WrongText:
    """How often a text was wrong in one way."""

    text: str
    kind: str
    gold: str
    predicted: str
    count: int


@dataclass(frozen=True)
class WrongSentence:
    """A sentence with wrong entities. doc: its number in the corpus, from 0."""

    doc: int
    text: str
    gold: tuple[Place, ...]
    predicted: tuple[Place, ...]
    errors: tuple[WrongEntity, ...]


@dataclass(frozen=True)
class WrongEntities:
    """kinds: counts by gold label; by the predicted one, where nothing is gold. texts: the most
    frequent first."""

    kinds: dict[str, dict[str, int]]
    texts: tuple[WrongText, ...]
    sentences: tuple[WrongSentence, ...]


def wrong_entities(examples: list[Example], found: list[list[Match]]) -> WrongEntities:
    """How many entities are wrong in which way, which texts most often, and their sentences.

    found: the matches of each example."""
    sentences = [
        sentence
        for i, (example, of_doc) in enumerate(zip(examples, found, strict=True))
        for sentence in _sentences(i, example.reference, of_doc)
    ]
    wrong = [error for sentence in sentences for error in sentence.errors]
    kinds = Counter((e.kind, e.predicted if e.kind == "spurious" else e.gold) for e in wrong)
    texts = Counter((error.text, error.kind, error.gold, error.predicted) for error in wrong)
    labels = sorted({label for _, label in kinds})
    by_count = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    return WrongEntities(
        {
            kind: {label: kinds[kind, label] for label in labels if kinds[kind, label]}
            for kind in ERROR_KINDS
        },
        tuple(WrongText(*key, n) for key, n in by_count),
        tuple(sentences),
    )


def _sentences(i: int, doc: Doc, of_doc: list[Match]) -> Iterator[WrongSentence]:
    """The sentences in which something is wrong."""
    sides = {
        "gold": [match.gold for match in of_doc if match.gold],
        "predicted": [match.predicted for match in of_doc if match.predicted],
    }
    wrong = [(_start(match), match) for match in of_doc if match.kind != "correct"]
    errors: dict[int, list[WrongEntity]] = {}
    for place, match in wrong:
        errors.setdefault(sentence_of(doc, place).start, []).append(_error(doc, match))
    for sentence, places in sentences_with(doc, [place for place, _ in wrong], sides):
        here = tuple(errors[sentence.start])
        yield WrongSentence(i, sentence.text, places["gold"], places["predicted"], here)


def _start(match: Match) -> Entity:
    return Entity(match.start, match.start + 1, "")


def _error(doc: Doc, match: Match) -> WrongEntity:
    entity = match.gold or match.predicted
    assert entity is not None
    return WrongEntity(match.kind, *match.labels, entity_text(doc, entity))
