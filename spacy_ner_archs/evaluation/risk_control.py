"""Thresholds that keep a corpus's recall or precision, with a guarantee for new docs.

Both are the corpus's, as scorers count them: shares of all gold, or of all kept entities. Docs are
what must be exchangeable, since the entities of one doc aren't independent. So counts are of docs:
D docs, along G thresholds that increase.
"""

import numpy as np
from scipy.stats import beta

#: How sure it is that the precision is what was asked.
CONFIDENCE = 0.9

#: What an entity may be off by in a sum.
ROUNDING = 1e-9


def recall_index(missed: np.ndarray, gold: np.ndarray, recall: float) -> int | None:
    """Index of the highest threshold that keeps the recall in expectation; None where none is
    shown to.

    Conformal risk control (Angelopoulos et al. 2022, theorem 1), whatever the pipeline and the
    number of docs, of the loss missed - (1 - recall) * gold of a doc. Its expectation is at most 0
    just where E[missed] <= (1 - recall) E[gold] for a new doc. Two things are to be known:

    - The loss must not fall as the threshold rises. It can, where a candidate gives way to others
      that overlap with it. So it counts as what it is at the worst of the lower thresholds.
    - The loss of a new doc must be bounded. It is assumed to have no more entities than the
      richest of these docs, all of which may be missed.

    missed: gold entities that aren't kept, int [D, G]. gold: int [D].
    """
    at_most = np.maximum.accumulate(missed, axis=1).sum(axis=0)
    allowed = (1 - needed_recall(gold, recall)) * gold.sum()
    holding = np.flatnonzero(at_most <= allowed + ROUNDING)
    return int(holding[-1]) if len(holding) else None


def needed_recall(gold: np.ndarray, recall: float) -> float:
    """The recall that these docs must have, for a new doc's to be as asked. gold: int [D]."""
    return recall * (1 + gold.max(initial=0) / max(gold.sum(), 1))


def fewest_gold(gold: np.ndarray, recall: float) -> int:
    """How many gold entities there must be, as long as no doc has more of them than now, for
    `needed_recall` to be at most 1. gold: int [D]."""
    return max(1, int(np.ceil(recall * gold.max(initial=0) / (1 - recall) - ROUNDING)))


def precision_index(
    wrong: np.ndarray, kept: np.ndarray, precision: float, begin: int
) -> int | None:
    """Index of the lowest threshold that is shown to keep the precision, with `CONFIDENCE`; None
    where none is.

    Precision isn't monotone, so conformal risk control doesn't apply. The thresholds are tested
    from strict to lenient until one isn't shown to keep it: fixed sequence testing, one of the
    ways to Learn then Test (Angelopoulos et al. 2021, section 3.2), which needs no correction for
    many tests.

    wrong, kept: wrong entities among those that are kept, and all that are kept, int [D, G].
    begin: index of the threshold that is tested first. What is right must have no part in it.
    """
    lowest = None
    for i in range(begin, -1, -1):
        if share_p_value(wrong[:, i], kept[:, i], 1 - precision) > 1 - CONFIDENCE:
            break
        lowest = i
    return lowest


def half_index(kept: np.ndarray, usual: int) -> int:
    """Index of the strictest threshold that keeps half of what the one with the index `usual`
    keeps. It is a place to begin tests of the precision: fewer entities show little. kept: int
    [D, G]."""
    totals = kept.sum(axis=0)
    return int(np.flatnonzero(2 * totals >= totals[usual])[-1])


def fewest_kept(precision: float) -> int:
    """How many kept entities, all of them right, show a precision."""
    return int(np.ceil(np.log(1 - CONFIDENCE) / np.log(precision)))


def share_p_value(wrong: np.ndarray, kept: np.ndarray, share: float) -> float:
    """How probable so few wrong entities would be if their share of the kept ones were `share` or
    more. wrong, kept: int [D].

    The binomial tail (Clopper & Pearson 1934) with as many entities as the clustered ones are
    worth: their number divided by the design effect (Korn & Graubard 1998). It is exact where
    entities are independent, also for few of them, and asymptotic in the number of docs where they
    aren't.
    """
    n_wrong = wrong.sum()
    if n_wrong == kept.sum():
        return 1.0
    n = kept.sum() / design_effect(wrong, kept)
    x = n * n_wrong / kept.sum()
    return float(beta.sf(share, x + 1, n - x))


def design_effect(wrong: np.ndarray, kept: np.ndarray) -> float:
    """Variance of the share of wrong entities over docs, by linearisation, in terms of what it
    were over as many independent entities (Kish 1965); at least 1. wrong, kept: int [D]."""
    share = wrong.sum() / kept.sum()
    if len(kept) < 2 or share in (0, 1):
        return 1.0
    of_docs = np.square(wrong - share * kept).sum() * len(kept) / (len(kept) - 1)
    return max(1.0, float(of_docs / (kept.sum() * share * (1 - share))))
