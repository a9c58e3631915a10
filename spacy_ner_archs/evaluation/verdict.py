"""Why an entity is wrong, as far as probabilities and training data can tell."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal[
    "gold probably wrong",
    "close call",
    "name seen with another label",
    "never seen",
    "plain mistake",
]

#: The verdicts, and what they mean.
VERDICTS: dict[Verdict, str] = {
    "gold probably wrong": "the pipeline is sure, and no training data agrees with the corpus",
    "close call": "what the corpus says was the pipeline's second choice, or nearly its first",
    "name seen with another label": "the training data has the name otherwise more often",
    "never seen": "the training data doesn't have the name",
    "plain mistake": "none of the others",
}
#: The least probability of a prediction that may be right where the corpus isn't.
SURE = 0.95
#: The least probability of what the corpus says in a close call.
CLOSE = 0.25


@dataclass(frozen=True)
class Evidence:
    """Of a wrong entity.

    p_predicted: probability of the predicted entity; where none is predicted, that the gold one
    isn't there. p_gold: of the gold entity; where none is gold, that the predicted one isn't there.
    None where they aren't known.

    How often the training data has: as_predicted: the text as it was predicted. as_gold: the text
    as the corpus has it. otherwise: the text of the gold entity (or else of the predicted one) with
    any other label than the corpus's; O is one. None without training data.
    """

    p_predicted: float | None
    p_gold: float | None
    is_missed: bool
    as_predicted: int | None = None
    as_gold: int | None = None
    otherwise: int | None = None


def verdict_of(evidence: Evidence) -> Verdict | None:
    """The first verdict that holds, in this order:

    - *gold probably wrong*: the prediction has a probability of at least `SURE`, what the corpus
      says of at most 1 - `SURE`, and the training data never has the text as the corpus has it. The
      text of an entity that wasn't predicted must be in the training data as no entity, too: few
      names that are new to a pipeline are probable.
    - *close call*: what the corpus says has a probability of at least `CLOSE`.
    - *name seen with another label*: the training data has the text more often with other labels
      than with the corpus's.
    - *never seen*: the training data doesn't have the text.
    - *plain mistake*: all else.

    None where nothing is known: neither probabilities nor training data.
    """
    knows_training = evidence.as_gold is not None
    if evidence.p_gold is None and not knows_training:
        return None
    if _is_gold_wrong(evidence):
        return "gold probably wrong"
    if evidence.p_gold is not None and evidence.p_gold >= CLOSE:
        return "close call"
    if (evidence.otherwise or 0) > (evidence.as_gold or 0):
        return "name seen with another label"
    if knows_training and not evidence.otherwise and not evidence.as_gold:
        return "never seen"
    return "plain mistake"


def _is_gold_wrong(evidence: Evidence) -> bool:
    if evidence.p_predicted is None or evidence.p_gold is None:
        return False
    is_sure = evidence.p_predicted >= SURE and evidence.p_gold <= 1 - SURE
    is_known = bool(evidence.as_predicted) or not evidence.is_missed
    return is_sure and is_known and not evidence.as_gold
