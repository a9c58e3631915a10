"""Scores of single tokens' tags. Padding doesn't exist here, so that none is scored."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE, Scheme
from spacy_ner_archs.corpus.write import tags_of
from spacy_ner_archs.evaluation.confusion import Confusion, Pairs, confusion_of
from spacy_ner_archs.evaluation.predict import on_gold_tokens
from spacy_ner_archs.evaluation.scores import Scores, scores_of


@dataclass(frozen=True)
class TagScores:
    """accuracy: of all tokens. macro_f: the mean F1 over tags, each counted once; in IOB1 over O
    and the I- tags alone, because its B- tags are a handful."""

    scheme: str
    accuracy: float
    macro_f: float
    per_tag: dict[str, Scores]
    confusion: Confusion


def tag_pairs(examples: list[Example], scheme: Scheme) -> Pairs:
    """How often each gold tag was predicted as each other, of all tokens that are annotated."""
    return Counter(pair for example in examples for pair in _pairs(example, scheme))


def tag_scores(pairs: Pairs, scheme: Scheme) -> TagScores:
    """Accuracy, and the scores of each tag."""
    tags = sorted({tag for pair in pairs for tag in pair})
    per_tag = {tag: scores_of(_counts(pairs, tag)) for tag in tags}
    right = sum(n for (gold, found), n in pairs.items() if gold == found)
    meant = [tag for tag in tags if scheme != "iob1" or tag[0] in (OUTSIDE, "I")]
    return TagScores(
        scheme=scheme,
        accuracy=right / max(pairs.total(), 1),
        macro_f=sum(per_tag[tag].f for tag in meant) / max(len(meant), 1),
        per_tag=per_tag,
        confusion=confusion_of(pairs),
    )


def _counts(pairs: Pairs, tag: str) -> np.ndarray:
    """True positives, false positives and false negatives."""
    false_positives = sum(n for (gold, found), n in pairs.items() if found == tag != gold)
    false_negatives = sum(n for (gold, found), n in pairs.items() if gold == tag != found)
    return np.array([pairs[tag, tag], false_positives, false_negatives])


def _pairs(example: Example, scheme: Scheme) -> list[tuple[str, str]]:
    """Gold and predicted tag of each token that is annotated."""
    reference, predicted = example.reference, on_gold_tokens(example)
    sentences = [reference[:]]
    if reference.has_annotation("SENT_START"):
        sentences = list(reference.sents)
    pairs: list[tuple[str, str]] = []
    for sentence in sentences:
        gold = tags_of(sentence, scheme)
        found = tags_of(predicted[sentence.start : sentence.end], scheme)
        pairs += zip(gold, found, strict=True)
    return [pair for pair in pairs if pair[0] != MISSING]
