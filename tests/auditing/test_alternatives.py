"""Which alternative of a place is the most doubtful."""

import pytest
from audited import judgement

from spacy_ner_archs.auditing.alternatives import best_alternatives

#: What is said of a doc, and kind, annotated, better and margin of each alternative.
CASES = {
    "nothing": (judgement(), []),
    "right": (
        judgement("0 1 LOC 0.9", "", "0 1 O 0.1"),
        [("spurious", ["0 1 LOC"], "0 1 O", -0.8)],
    ),
    "spurious": (
        judgement("0 1 LOC 0.1", "0 1 PER 0.2", "0 1 O 0.7"),
        [("spurious", ["0 1 LOC"], "0 1 O", 0.6)],
    ),
    "missing": (
        judgement("", "0 2 PER 0.5", "0 2 O 0.2"),
        [("missing", ["0 2 O"], "0 2 PER", 0.3)],
    ),
    "the label": (
        judgement("0 1 LOC 0.1", "0 1 PER 0.8, 0 1 ORG 0.05", "0 1 O 0.05"),
        [("label", ["0 1 LOC"], "0 1 PER", 0.7)],
    ),
    "the boundaries": (
        judgement("1 2 LOC 0.3", "0 2 LOC 0.6", "1 2 O 0.05"),
        [("boundaries", ["1 2 LOC"], "0 2 LOC", 0.3)],
    ),
    "the boundaries, which another label shares": (
        judgement("1 2 LOC 0.3", "0 2 PER 0.6", "1 2 O 0.05"),
        [("boundaries", ["1 2 LOC"], "0 2 PER", 0.3)],
    ),
    "two entities that are one": (
        judgement("0 1 LOC 0.3, 1 2 LOC 0.2", "0 2 ORG 0.7", "0 1 O 0.1, 1 2 O 0.1"),
        [("boundaries", ["0 1 LOC", "1 2 LOC"], "0 2 ORG", 0.5)],
    ),
    "one of several that overlap": (
        judgement("", "0 2 PER 0.5, 1 3 PER 0.4, 4 5 PER 0.3", "0 2 O 0.1, 1 3 O 0.1, 4 5 O 0.6"),
        [("missing", ["0 2 O"], "0 2 PER", 0.4), ("missing", ["4 5 O"], "4 5 PER", -0.3)],
    ),
    "the first of equals": (
        judgement("", "1 2 PER 0.5, 0 2 PER 0.5", "1 2 O 0.25, 0 2 O 0.25"),
        [("missing", ["0 2 O"], "0 2 PER", 0.25)],
    ),
}


def told(entity):
    return f"{entity.start} {entity.end} {entity.label}"


@pytest.mark.parametrize(("said", "expected"), CASES.values(), ids=CASES)
def test_the_best_alternative_of_each_place(said, expected):
    found = best_alternatives(said)
    assert [
        (each.kind, list(map(told, each.there)), told(each.better), pytest.approx(each.margin))
        for each in found
    ] == expected
