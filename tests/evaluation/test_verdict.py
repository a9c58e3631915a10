"""Why an entity is wrong: a row for each rule, and for its limits."""

import pytest

from spacy_ner_archs.evaluation.verdict import VERDICTS, Evidence, verdict_of

GOLD, CLOSE, OTHER, NEVER, PLAIN = VERDICTS


def seen(as_predicted, as_gold, otherwise):
    return {"as_predicted": as_predicted, "as_gold": as_gold, "otherwise": otherwise}


@pytest.mark.parametrize(
    ("p_predicted", "p_gold", "is_missed", "training", "expected"),
    [
        (None, None, False, {}, None),
        (0.97, 0.01, False, {}, GOLD),
        (0.97, 0.01, False, seen(0, 0, 0), GOLD),  # new, and the pipeline knows better
        (0.97, 0.01, False, seen(3, 0, 3), GOLD),
        (0.97, 0.01, False, seen(3, 1, 3), OTHER),  # the corpus is of one mind with its training
        (0.97, 0.01, False, seen(0, 3, 1), PLAIN),
        (0.94, 0.01, False, {}, PLAIN),  # not sure enough
        (0.97, 0.01, True, {}, PLAIN),  # missed: nothing but the pipeline says that it's no entity
        (0.97, 0.03, True, seen(0, 0, 0), NEVER),
        (0.97, 0.03, True, seen(4, 0, 4), GOLD),  # missed, and no entity in the training data
        (0.97, 0.03, True, seen(0, 0, 4), OTHER),
        (0.60, 0.25, False, {}, CLOSE),
        (0.60, 0.25, False, seen(9, 0, 9), CLOSE),
        (0.60, 0.24, False, {}, PLAIN),
        (0.60, 0.20, False, seen(1, 0, 1), OTHER),
        (0.60, 0.20, False, seen(1, 1, 1), PLAIN),
        (0.60, 0.20, False, seen(0, 0, 0), NEVER),
        (None, None, False, seen(0, 0, 0), NEVER),  # without probabilities
        (None, None, True, seen(5, 0, 5), OTHER),
        (None, None, False, seen(0, 2, 0), PLAIN),
    ],
)
def test_verdicts(p_predicted, p_gold, is_missed, training, expected):
    assert verdict_of(Evidence(p_predicted, p_gold, is_missed, **training)) == expected
