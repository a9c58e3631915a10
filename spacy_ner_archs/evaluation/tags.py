"""Scores of single tokens' tags. Padding doesn't exist here, so that none is scored."""

from collections import Counter
from typing import Any

from spacy.scorer import PRFScore
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE, Scheme
from spacy_ner_archs.corpus.write import tags_of
from spacy_ner_archs.evaluation.confusion import Pairs
from spacy_ner_archs.evaluation.predict import on_gold_tokens


def tag_pairs(examples: list[Example], scheme: Scheme) -> Pairs:
    """How often each gold tag was predicted as each other, of all tokens that are annotated."""
    return Counter(pair for example in examples for pair in _pairs(example, scheme))


def tag_scores(pairs: Pairs, scheme: Scheme) -> dict[str, Any]:
    """Accuracy, and precision, recall, F1 and support of each tag, as fractions.

    macro_f is the mean F1 over tags, each counted once; in IOB1 over O and the I- tags alone,
    because its B- tags are a handful.
    """
    tags = sorted({tag for pair in pairs for tag in pair})
    per_tag = {}
    for tag in tags:
        score = PRFScore(
            tp=pairs[tag, tag],
            fp=sum(n for (gold, found), n in pairs.items() if found == tag != gold),
            fn=sum(n for (gold, found), n in pairs.items() if gold == tag != found),
        )
        per_tag[tag] = {**score.to_dict(), "support": score.tp + score.fn}
    right = sum(n for (gold, found), n in pairs.items() if gold == found)
    meant = [tag for tag in tags if scheme != "iob1" or tag[0] in (OUTSIDE, "I")]
    return {
        "scheme": scheme,
        "accuracy": right / max(pairs.total(), 1),
        "macro_f": sum(per_tag[tag]["f"] for tag in meant) / max(len(meant), 1),
        "per_tag": per_tag,
    }


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
