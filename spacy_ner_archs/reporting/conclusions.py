"""What a report and a comparison come to, in words."""

from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.evaluation.comparison import Comparison
from spacy_ner_archs.evaluation.mistakes import Mistake
from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.reporting.tables import interval_text, percent

#: Of the most frequent mistakes.
MOST_MISTAKES = 3
#: The largest p-value of a difference that counts as significant.
LEVEL = 0.05


def headline(report: Report) -> str:
    """The scores of all entities in one line."""
    scores = report.all_scores
    told = f" (95 % interval {interval_text(scores.interval)})" if scores.interval else ""
    f1, precision, recall = map(percent, (scores.f, scores.p, scores.r))
    return f"F1 {f1}{told}, precision {precision}, recall {recall}"


def mistake_lines(report: Report) -> list[str]:
    """The most frequent mistakes, a sentence each."""
    return [
        f"{mistake.count:,} of {report.errors.total:,} errors: {mistake_words(mistake)}, such as "
        f"{', '.join(mistake.texts)}"
        for mistake in report.errors.mistakes[:MOST_MISTAKES]
    ]


def mistake_words(mistake: Mistake) -> str:
    """What is wrong, in a few words."""
    if mistake.predicted == OUTSIDE:
        return f"{mistake.gold} not predicted"
    if mistake.gold == OUTSIDE:
        return f"{mistake.predicted} predicted where nothing is gold"
    if mistake.kind == "boundary":
        return f"{mistake.gold} with wrong boundaries"
    told = f"{mistake.predicted} predicted where {mistake.gold} is gold"
    return f"{told}, with other boundaries" if mistake.kind == "both" else told


def comparison_headline(comparison: Comparison) -> str:
    """Which pipeline is better, and whether that is significant, in one line."""
    row = comparison.all
    ordered = zip((row.first, row.second), comparison.shown_names, strict=True)
    (high, best), (low, other) = sorted(ordered, key=lambda side: -side[0])
    if high == low:
        return f"{best} and {other} have the same F1, {percent(high)}"
    told = f"{best} has a higher F1 than {other}: {percent(high)} and {percent(low)}"
    if row.p_randomisation is None:
        return told
    is_significant = row.p_randomisation < LEVEL
    verdict = "significant" if is_significant else "not significant"
    return f"{told}; the difference is {verdict} (p = {row.p_randomisation:.3f})"
