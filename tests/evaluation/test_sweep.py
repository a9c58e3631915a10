"""What is kept along thresholds, beside what `select` keeps."""

from collections import Counter

import numpy as np
import pytest

from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import select
from spacy_ner_archs.evaluation.gold import Gold
from spacy_ner_archs.evaluation.sweep import Sweep, clusters, thresholds_from

THRESHOLDS = np.array([0.1, 0.3, 0.5, 0.7])


def gold(*spans):
    return Gold(set(spans), Counter(span[2] for span in spans), set())


def test_counts_by_hand():
    docs = [
        [Entity(0, 1, "A", 0.6), Entity(0, 2, "A", 0.35), Entity(3, 4, "B", 0.9)],
        [],
        [Entity(2, 3, "B", 0.2)],
    ]
    golds = [gold((0, 2, "A"), (3, 4, "B")), gold(), gold((1, 2, "B"))]
    sweep = Sweep(docs, golds, THRESHOLDS)
    assert sweep.labels == ["A", "B"]
    assert sweep.kept(None).tolist() == [[2, 2, 2, 1], [0] * 4, [1, 0, 0, 0]]
    assert sweep.wrong(None).tolist() == [[1, 1, 1, 0], [0] * 4, [1, 0, 0, 0]]
    assert sweep.missed(None).tolist() == [[1, 1, 1, 1], [0] * 4, [1, 1, 1, 1]]
    assert sweep.kept("A").tolist() == [[1, 1, 1, 0], [0] * 4, [0] * 4]
    assert sweep.missed("B").tolist() == [[0] * 4, [0] * 4, [1] * 4]
    overlapping = Sweep(docs, golds, THRESHOLDS, overlap=True)
    assert overlapping.missed("A").tolist() == [[0, 0, 1, 1], [0] * 4, [0] * 4]


def random_candidates(rng, n):
    starts = rng.integers(0, 12, n)
    spans = {(int(s), int(s + rng.integers(1, 4)), str(rng.choice(["A", "B"]))) for s in starts}
    return [Entity(*span, float(rng.random())) for span in sorted(spans)]


@pytest.mark.parametrize("seed", range(20))
def test_it_keeps_what_select_keeps(seed):
    rng = np.random.default_rng(seed)
    docs = [random_candidates(rng, n) for n in (0, 1, 9, 14)]
    golds = [gold(*(e[:3] for e in found[::3])) for found in docs]
    sweep = Sweep(docs, golds, THRESHOLDS)
    for i, threshold in enumerate(THRESHOLDS):
        for doc, (found, of_doc) in enumerate(zip(docs, golds, strict=True)):
            selected = select(found, float(threshold))
            wrong = [e for e in selected if e[:3] not in of_doc.spans]
            assert sweep.kept(None)[doc, i] == len(selected)
            assert sweep.wrong(None)[doc, i] == len(wrong)


def test_clusters_do_not_overlap():
    found = [Entity(0, 3, "A", 1), Entity(1, 2, "A", 1), Entity(2, 4, "A", 1), Entity(4, 5, "A", 1)]
    assert [len(cluster) for cluster in clusters(found)] == [3, 1]


def test_thresholds_are_finest_near_their_ends():
    thresholds = thresholds_from(0.01)
    steps = np.diff(thresholds)
    assert (thresholds[0], thresholds[-1] > 0.998) == (0.01, True)
    assert (steps > 0).all()
    assert steps.max() == pytest.approx(0.0125, abs=1e-4)
