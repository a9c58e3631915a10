"""How much an annotation is to be doubted.

The surprise at an annotation is its surprisal, -log P, in units of the entropy of its tokens: a
judge that is unsure is not surprised (for tokens: confidence-weighted entropy, Kuan & Mueller
2022). Judges are more often surprised at some labels than at others, because these are harder. So
the surprise counts relative to what is usual for the label (for tokens: Northcutt et al. 2021,
"confident learning", adjusts by the mean probability of the label).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log, prod
from typing import NamedTuple

import numpy as np

from spacy_ner_archs.corpus.schemes import OUTSIDE

#: Nats that are added to an entropy, so that no surprise of a judge that is sure is infinite.
LEAST_ENTROPY = 0.05
#: A lower probability counts as this.
LEAST_PROBABILITY = 1e-6
#: A higher surprise counts as this, in means.
MOST_SURPRISE = 50.0
#: Entities with the mean surprise of all that are added to those of a label, for rare labels; and
#: contradictions that are added to all, of which the share USUALLY_MISSING is of missing entities.
AS_USUAL = 20
USUALLY_MISSING = 0.16
#: A higher exponent counts as this.
MOST_EXPONENT = 5.0
#: The share of missing entities among the contradictions, or a lower one, with which a surprise at
#: no entity counts as one at an entity. Chosen on six label sets of one corpus.
FEW_MISSING = 0.08


def surprise(probability: float, entropy: float) -> float:
    """Of an annotation with this probability. entropy: of its tokens, in nats."""
    return -log(max(probability, LEAST_PROBABILITY)) / (entropy + LEAST_ENTROPY)


class Contradictions(NamedTuple):
    """Places for which the judges have a reading that is more probable than not, and isn't the
    annotation. missing: those of them where no entity is annotated."""

    missing: int
    all: int

    @property
    def share_missing(self) -> float:
        return (self.missing + AS_USUAL * USUALLY_MISSING) / (self.all + AS_USUAL)


class DoubtScale:
    """surprises: of all entities, by their label. agreement: the mean probability of all entities.

    The more the judges agree with a corpus, the more a label that surprises them often is only
    hard, and the less its surprises count. If its contradictions are often missing entities, the
    surprise at no entity counts more.
    """

    def __init__(
        self,
        surprises: Mapping[str, Sequence[float]],
        agreement: float,
        contradictions: Contradictions,
    ):
        bounded = {label: np.clip(of, 0, MOST_SURPRISE) for label, of in surprises.items()}
        of_all = np.concatenate(list(bounded.values())) if bounded else np.ones(1)
        added = AS_USUAL * of_all.mean()
        self._exponent = min(MOST_EXPONENT, agreement / max(1 - agreement, LEAST_PROBABILITY))
        self._usual = {
            OUTSIDE: of_all.mean() * min(1.0, FEW_MISSING / contradictions.share_missing),
            **{label: (of.sum() + added) / (len(of) + AS_USUAL) for label, of in bounded.items()},
        }
        share = (of_all / (1 + of_all)).mean()
        self._of_all = share / (1 - share)

    def score(self, label: str, surprise: float) -> float:
        """From 0 to 1, the more doubtful the higher: .5 where a surprise is as usual for the label
        as surprises are for all entities."""
        odds = surprise * (self._of_all / self._usual[label]) ** self._exponent
        return float(odds / (1 + odds))


def sentence_score(scores: Iterable[float]) -> float:
    """That one of its doubts is right, as if they were independent probabilities."""
    return 1 - prod(1 - score for score in scores)
