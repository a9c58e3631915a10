"""A report as tables, whatever they are shown in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from spacy_ner_archs.evaluation.comparison import Comparison, ScoreDifference
from spacy_ner_archs.evaluation.confidence import N_BINS, SURE, Confidence
from spacy_ner_archs.evaluation.confusion import Confusion
from spacy_ner_archs.evaluation.entities import scorers_agree
from spacy_ner_archs.evaluation.matches import ERROR_KINDS
from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.evaluation.scores import Interval, Scores
from spacy_ner_archs.evaluation.verdict import VERDICTS

#: Rows of a table that has no natural end.
MOST = 30

#: Where there is nothing to say of confidence.
NO_CONFIDENCE = "no probabilities of entities, which an ner_tagger has; nothing on confidence"
PRF = ("P", "R", "F1", "95 % interval of F1", "support")


#: Which wrong entities are meant: values of some fields of `WrongEntity`.
Choice = Mapping[str, str]


class Table(NamedTuple):
    """title, header, rows: texts. note: what a reader must know. f1: scores of the rows, to draw.
    choices: the wrong entities that a cell counts, by row and column."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""
    f1: Sequence[Scores] = ()
    choices: Mapping[tuple[int, int], Choice] = MappingProxyType({})

    @property
    def aligns(self) -> list[str]:
        """Of each column: numbers "right", texts and what the rows are called "left"."""
        _, *columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.header)
        return ["left", *("right" if _numbers(cells) else "left" for cells in columns)]


def entity_table(report: Report) -> Table:
    scores = {
        **report.ents_per_type,
        "all (micro)": report.all_scores,
        "mean of labels (macro)": report.macro,
    }
    agree = scorers_agree(report.ents_f, report.seqeval_f)
    seqeval = "seqeval agrees" if agree else "seqeval does not agree"
    if report.seqeval_f is None:
        seqeval = "seqeval: not compared (missing annotation, or other tokens)"
    note = f"Right boundaries and right label count, in %. {seqeval}."
    return _score_table("Entities", "label", scores, note)


def tag_table(report: Report) -> Table:
    tags = report.tags
    rows = [
        (tag, *map(percent, (scores.p, scores.r, scores.f)), str(scores.support))
        for tag, scores in tags.per_tag.items()
    ]
    note = (
        f"Single tokens, in {tags.scheme.upper()}; there is no padding. Accuracy "
        f"{percent(tags.accuracy)}, macro F1 {percent(tags.macro_f)}."
    )
    return Table("Tags of tokens", ("tag", "P", "R", "F1", "support"), rows, note)


def slice_tables(report: Report) -> list[Table]:
    return [_score_table(f"By {way}", way, parts) for way, parts in report.slices.items() if parts]


def error_table(report: Report) -> Table:
    kinds = report.errors.kinds
    meanings = ", ".join(f"{kind}: {ERROR_KINDS[kind]}" for kind in kinds)
    note = f"By gold label; of spurious entities, by the predicted one. {meanings}."
    of_all = sum(map(Counter, kinds.values()), Counter[str]())
    table = _count_table("Wrong entities", {**kinds, "all": of_all}, note)
    choices = {
        (i, j): _kind_choice(kind, label)
        for i, (label, *counts) in enumerate(table.rows)
        for j, (kind, n) in enumerate(zip(kinds, counts, strict=False), start=1)
        if n != "0"
    }
    return table._replace(choices=choices)


def _kind_choice(kind: str, label: str) -> Choice:
    """Of a row and a column of `error_table`."""
    side = "predicted" if kind == "spurious" else "gold"
    return {"kind": kind} if label == "all" else {"kind": kind, side: label}


def verdict_table(report: Report) -> Table:
    """How many wrong entities of each verdict there are; no rows where nothing is known."""
    errors = [error for sentence in report.errors.sentences for error in sentence.errors]
    counts = Counter(error.verdict for error in errors if error.verdict)
    rows = [
        (verdict, meaning, str(counts[verdict]))
        for verdict, meaning in VERDICTS.items()
        if counts[verdict]
    ]
    choices = {(i, 2): {"verdict": verdict} for i, (verdict, _, _) in enumerate(rows)}
    return Table("Why entities are wrong", ("verdict", "meaning", "count"), rows, choices=choices)


def confidence_tables(report: Report) -> list[Table]:
    """None where the pipeline has no probabilities."""
    if report.confidence is None:
        return []
    return [_confidence_table({"value": report.confidence}), _threshold_table(report.confidence)]


def _confidence_table(sides: Mapping[str, Confidence]) -> Table:
    """A column for each side."""
    columns = [_confidence_column(side) for side in sides.values()]
    rows = [(name, *(column[name] for column in columns)) for name in columns[0]]
    note = (
        "Probabilities of predicted entities. ECE (expected calibration error, "
        f"{N_BINS} bins of equal mass), Brier score and AURC (area under the risk-coverage curve): "
        "0 is the best."
    )
    return Table("Confidence", ("what", *sides), rows, note)


def _confidence_column(confidence: Confidence) -> dict[str, str]:
    errors = confidence.errors
    return {
        "ECE": f"{confidence.ece:.4f}",
        "Brier score": f"{confidence.brier:.4f}",
        "log loss": f"{confidence.log_loss:.4f}",
        "AURC": f"{confidence.aurc:.4f}",
        "mean probability of right entities": _probability(errors.right),
        "mean probability of wrong entities": _probability(errors.wrong),
        "mean probability of gold entities that were not found": _probability(errors.missed),
        "wrong entities": str(errors.n_wrong),
        f"of these, with a probability of {SURE} or more, %": _share(errors.share_sure),
    }


def _threshold_table(confidence: Confidence) -> Table:
    rows = [
        (f"{t.threshold:.2f}", *map(percent, (t.scores.p, t.scores.r, t.scores.f)))
        for t in confidence.thresholds
    ]
    note = (
        f"In %. The best F1 on this corpus is at {confidence.best.threshold:.2f}; choose a "
        "threshold for new text on dev."
    )
    return Table("With a threshold", ("threshold", "P", "R", "F1"), rows, note)


def _probability(p: float | None) -> str:
    return "" if p is None else f"{p:.3f}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


def pattern_table(report: Report) -> Table:
    patterns = report.tags.confusion.patterns
    rows = [(f"{row.gold} → {row.predicted}", str(row.count)) for row in patterns]
    return _cut("Misclassified tokens", ("gold → predicted", "count"), rows)


def text_table(report: Report) -> Table:
    rows = [
        (row.text, row.kind, row.gold, row.predicted, str(row.count)) for row in report.errors.texts
    ]
    header = ("text", "kind", "gold", "predicted", "count")
    table = _cut("Texts most often wrong", header, rows)
    choices = {(i, 4): dict(zip(header, row[:4], strict=False)) for i, row in enumerate(table.rows)}
    return table._replace(choices=choices)


def confusion_table(title: str, confusion: Confusion) -> Table:
    counts = zip(confusion.labels, confusion.counts, strict=True)
    rows = [(label, *map(str, row)) for label, row in counts]
    return Table(title, ("gold \\ predicted", *confusion.labels), rows)


def cost_table(report: Report) -> Table:
    corpus, cost = report.corpus, report.cost
    rows = [
        ("corpus", f"{corpus.tokens:,} tokens, {corpus.entities:,} entities"),
        ("words/s", f"{cost.words_per_second:,}"),
        ("loading", f"{cost.load_seconds:.1f} s"),
        ("size on disk", f"{cost.bytes / 1e6:.1f} MB"),
    ]
    return Table("Speed and size", ("what", "value"), rows)


def terminal_tables(report: Report) -> list[Table]:
    """Those that the command prints."""
    tables = [entity_table(report), error_table(report), verdict_table(report), tag_table(report)]
    tables += [*confidence_tables(report)[:1], cost_table(report)]
    return [table for table in tables if table.rows]


def all_tables(report: Report) -> list[Table]:
    verdict = verdict_table(report)
    return [
        entity_table(report),
        *slice_tables(report),
        error_table(report),
        *([verdict] if verdict.rows else []),
        text_table(report),
        *confidence_tables(report),
        confusion_table("Entities taken for others", report.confusion),
        tag_table(report),
        pattern_table(report),
        confusion_table("Tags taken for others", report.tags.confusion),
        cost_table(report),
    ]


def _numbers(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.lstrip("+-")[:1].isdigit() for cell in filled)


def _score_table(title: str, what: str, scores: Mapping[str, Scores], note: str = "") -> Table:
    """A row for each of the scores. what: a row is."""
    rows = [_prf_row(name, each) for name, each in scores.items()]
    return Table(title, (what, *PRF), rows, note, f1=list(scores.values()))


def _prf_row(name: str, scores: Scores) -> tuple[str, ...]:
    support = "" if scores.support is None else str(scores.support)
    prf = map(percent, (scores.p, scores.r, scores.f))
    return (name, *prf, interval_text(scores.interval), support)


def interval_text(bounds: Interval | None) -> str:
    """In %; empty, where there is none."""
    return " to ".join(map(percent, bounds or ()))


def percent(share: float) -> str:
    """With two decimals, without the sign."""
    return f"{100 * share:.2f}"


def comparison_tables(comparison: Comparison) -> list[Table]:
    """The scores of two pipelines with their differences, and what each alone gets right."""
    names = comparison.shown_names
    scores = (*names, "difference", "95 % interval")
    p_values = ("p (bootstrap)", "p (randomisation)")
    parts = {**comparison.labels, "all (micro)": comparison.all}
    note = (
        f"F1 in %, and {names[0]} minus {names[1]}. p: how probable a difference as large is by "
        "chance, by paired bootstrap and by approximate randomisation of docs."
    )
    rows = [_difference_row(name, row) for name, row in parts.items()]
    sides = zip(names, comparison.confidence.values(), strict=True)
    known = {name: each for name, each in sides if each}
    right_alone = dict(zip(names, comparison.right_alone.values(), strict=True))
    return [
        Table("Difference", ("label", *scores, *p_values), rows, note),
        _count_table("Gold entities that one alone gets right", right_alone),
        *([_confidence_table(known)] if known else []),
    ]


def without_confidence(comparison: Comparison) -> list[str]:
    """A line for each side that has no probabilities."""
    sides = zip(comparison.shown_names, comparison.confidence.values(), strict=True)
    return [f"{name}: {NO_CONFIDENCE}" for name, known in sides if known is None]


def _difference_row(name: str, row: ScoreDifference) -> tuple[str, ...]:
    scores = map(percent, (row.first, row.second, row.f1))
    p_values = (row.p_bootstrap, row.p_randomisation)
    shown = ("" if p is None else f"{p:.3f}" for p in p_values)
    return (name, *scores, interval_text(row.interval), *shown)


def _count_table(title: str, counts: Mapping[str, Mapping[str, int]], note: str = "") -> Table:
    """A column for each of the counts by label. Labels are the rows: there can be many."""
    labels = sorted({label for by_label in counts.values() for label in by_label})
    rows = [
        (name, *(str(by_label.get(name, 0)) for by_label in counts.values())) for name in labels
    ]
    total = ("all", *(str(sum(by_label.values())) for by_label in counts.values()))
    return Table(title, ("label", *counts), [*rows, total], note)


def _cut(title: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    rows = list(rows)
    note = f"The {MOST} most frequent of {len(rows)}." if len(rows) > MOST else ""
    return Table(title, header, rows[:MOST], note)
