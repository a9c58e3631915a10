"""Each wrong entity in its sentence, and which mistakes are frequent."""

from collections import Counter
from typing import Any

from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import OUTSIDE, Entity
from spacy_ner_archs.evaluation.matches import ERROR_KINDS, Match
from spacy_ner_archs.evaluation.sentences import entity_text, sentence_of, sentences_with


def label_of(entity: Entity | None) -> str:
    return entity.label if entity else OUTSIDE


def error_report(examples: list[Example], found: list[list[Match]]) -> dict[str, Any]:
    """How many entities are wrong in which way, which texts most often, and their sentences."""
    kinds: Counter[tuple[str, str]] = Counter()
    texts: Counter[tuple[str, str, str, str]] = Counter()
    sentences: list[dict[str, Any]] = []
    for i, (example, of_doc) in enumerate(zip(examples, found, strict=True)):
        wrong = [match for match in of_doc if match.kind != "correct"]
        for match in wrong:
            error = _error(example.reference, match)
            kinds[match.kind, (match.gold or match.predicted).label] += 1  # type: ignore[union-attr]
            texts[error["text"], match.kind, error["gold"], error["predicted"]] += 1
        sentences += _sentences(i, example.reference, of_doc, wrong)
    labels = sorted({label for _, label in kinds})
    by_count = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "kinds": {
            kind: {label: kinds[kind, label] for label in labels if kinds[kind, label]}
            for kind in ERROR_KINDS
        },
        "texts": [
            {"text": text, "kind": kind, "gold": gold, "predicted": predicted, "count": n}
            for (text, kind, gold, predicted), n in by_count
        ],
        "sentences": sentences,
    }


def _sentences(i: int, doc: Doc, of_doc: list[Match], wrong: list[Match]) -> list[dict[str, Any]]:
    """The sentences in which something is wrong."""
    sides = {
        "gold": [match.gold for match in of_doc if match.gold],
        "predicted": [match.predicted for match in of_doc if match.predicted],
    }
    places = [Entity(match.start, match.start + 1, "") for match in wrong]
    errors: dict[int, list[dict[str, str]]] = {}
    for place, match in zip(places, wrong, strict=True):
        errors.setdefault(sentence_of(doc, place).start, []).append(_error(doc, match))
    return [
        {"doc": i, **sentence, "errors": errors[start]}
        for start, sentence in sentences_with(doc, places, sides)
    ]


def _error(doc: Doc, match: Match) -> dict[str, str]:
    entity: Any = match.gold or match.predicted
    return {
        "kind": match.kind,
        "gold": label_of(match.gold),
        "predicted": label_of(match.predicted),
        "text": entity_text(doc, entity),
    }
