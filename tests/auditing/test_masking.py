"""A corpus without the annotation that is doubtful."""

import pytest
import spacy
from audited import JUDGED, ROWS, judgement, tags_of, write_corpus
from spacy.attrs import ENT_IOB
from spacy.tokens import DocBin

from spacy_ner_archs.auditing.masking import (
    MaskLimits,
    masked_corpus,
    masked_places,
    usual_candidates,
)

TAGS = [row[1] for row in ROWS]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((0.0, 1.0), TAGS),
        ((0.2, 1.0), ["B-PER O - O B-LOC", TAGS[1], "- - O O -", ""]),
        ((0.0, 0.6), [TAGS[0], "- O O B-LOC O O", TAGS[2], ""]),
        ((0.5, 0.6), ["B-PER O - O B-LOC", "- O O - O O", "- - - O -", ""]),
        ((1.1, 0.0), ["- O - O -", "- O O - O O", "- - - O -", ""]),
    ],
    ids=["nothing", "entities", "candidates", "both", "all"],
)
def test_doubtful_places_are_masked(tmp_path, limits, expected):
    corpus = write_corpus(tmp_path / "corpus.spacy")
    data = masked_corpus(corpus, masked_places(JUDGED, MaskLimits(*limits)))
    assert tags_of(data) == expected
    for doc in DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab):
        iob = doc.to_array([ENT_IOB]).tolist()
        assert all(a in (1, 3) for a, b in zip([0, *iob], iob, strict=False) if b == 1)


@pytest.mark.parametrize(("others", "limit"), [("1 2 LOC 0.6", 0.1), ("1 2 LOC 0.4", 0.5)])
def test_where_entities_are_often_missing_low_probabilities_are_suspicious(others, limit):
    sure = [judgement("0 1 PER 0.9", outside="0 1 O 0.1")] * 20
    spurious = [judgement("0 1 PER 0.1", outside="0 1 O 0.9")] * 40
    missing = [judgement("", others, outside="1 2 O 0.4")] * 40
    assert usual_candidates([*sure, *spurious, *missing]) == limit


def test_a_sure_entity_is_kept_whatever_overlaps_it():
    said = judgement("0 2 LOC 0.3, 4 5 PER 0.1", "1 4 ORG 0.6, 3 6 ORG 0.5, 8 9 PER 0.5")
    places = masked_places([judgement(), said], MaskLimits(0.2, 0.4))
    assert [place[:3] for place in places] == [(1, 3, 6), (1, 8, 9)]
