"""How much an annotation is to be doubted.

The surprise at an annotation is its surprisal, -log P, in units of the entropy of its tokens: a
judge that is unsure is not surprised (for tokens: confidence-weighted entropy, Kuan & Mueller
2022). Judges are more often surprised at some labels than at others, because these are harder. So
the surprise counts relative to what is usual for the label (for tokens: Northcutt et al. 2021,
"confident learning", adjusts by the mean probability of the label).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log, prod

import numpy as np

from spacy_ner_archs.corpus.schemes import OUTSIDE

#: Nats that are added to an entropy, so that no surprise of a judge that is sure is infinite.
LEAST_ENTROPY = 0.05
#: A lower probability counts as this.
LEAST_PROBABILITY = 1e-6
#: A higher surprise counts as this, in means.
MOST_SURPRISE = 50.0
#: Entities with the mean surprise of all that are added to those of a label, for rare labels.
AS_USUAL = 20
#: How much the usual surprise counts, and the usual surprise at no entity as a share of that at
#: entities: chosen on two corpora, whose labels have an F1 of .95 and .85.
USUAL_EXPONENT = 2.0
OUTSIDE_SHARE = 0.5


def surprise(probability: float, entropy: float) -> float:
    """Of an annotation with this probability. entropy: of its tokens, in nats."""
    return -log(max(probability, LEAST_PROBABILITY)) / (entropy + LEAST_ENTROPY)


class DoubtScale:
    """surprises: of all entities, by their label."""

    def __init__(self, surprises: Mapping[str, Sequence[float]]):
        bounded = {label: np.clip(of, 0, MOST_SURPRISE) for label, of in surprises.items()}
        of_all = np.concatenate(list(bounded.values())) if bounded else np.ones(1)
        added = AS_USUAL * of_all.mean()
        self._usual = {
            OUTSIDE: OUTSIDE_SHARE * of_all.mean(),
            **{label: (of.sum() + added) / (len(of) + AS_USUAL) for label, of in bounded.items()},
        }
        share = (of_all / (1 + of_all)).mean()
        self._of_all = share / (1 - share)

    def score(self, label: str, surprise: float) -> float:
        """From 0 to 1, the more doubtful the higher: .5 where a surprise is as usual for the label
        as surprises are for all entities."""
        odds = surprise * (self._of_all / self._usual[label]) ** USUAL_EXPONENT
        return float(odds / (1 + odds))


def sentence_score(scores: Iterable[float]) -> float:
    """That one of its doubts is right, as if they were independent probabilities."""
    return 1 - prod(1 - score for score in scores)
