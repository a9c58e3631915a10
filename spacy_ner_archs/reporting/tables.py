"""A report as tables, whatever they are shown in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from spacy_ner_archs.evaluation.entities import scorers_agree
from spacy_ner_archs.evaluation.matches import ERROR_KINDS

#: Rows of a table that has no natural end.
MOST = 30

#: Tests of a difference, as `significance.Difference` names them.
P_VALUES = ("bootstrap", "randomisation")
PRF = ("P", "R", "F1", "95 % interval of F1", "support")


class Table(NamedTuple):
    """title, header, rows: texts. note: what a reader must know."""

    title: str
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""

    @property
    def aligns(self) -> list[str]:
        """Of each column: numbers "right", texts and what the rows are called "left"."""
        _, *columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.header)
        return ["left", *("right" if _numbers(cells) else "left" for cells in columns)]


def headline(report: Mapping[str, Any]) -> str:
    """The scores of all entities in one line."""
    f1, precision, recall = (_percent(report[f"ents_{key}"]) for key in "fpr")
    interval = " to ".join(map(_percent, report["interval"] or ()))
    told = f" (95 % interval {interval})" if interval else ""
    return f"F1 {f1}{told}, precision {precision}, recall {recall}"


def entity_table(report: Mapping[str, Any]) -> Table:
    total = {
        **{key: report[f"ents_{key}"] for key in "prf"},
        **{key: report[key] for key in ("interval", "support")},
    }
    rows = [_prf_row(label, prf) for label, prf in report["ents_per_type"].items()]
    rows.append(_prf_row("all (micro)", total))
    rows.append(_prf_row("mean of labels (macro)", report["macro"]))
    seqeval = "seqeval agrees" if scorers_agree(report) else "seqeval does not agree"
    if report["seqeval_f"] is None:
        seqeval = "seqeval: not compared (missing annotation, or other tokens)"
    note = f"Right boundaries and right label count, in %. {seqeval}."
    return Table("Entities", ("label", *PRF), rows, note)


def tag_table(report: Mapping[str, Any]) -> Table:
    tags = report["tags"]
    rows = [
        (tag, *(_percent(prf[key]) for key in "prf"), str(prf["support"]))
        for tag, prf in tags["per_tag"].items()
    ]
    note = (
        f"Single tokens, in {tags['scheme'].upper()}; there is no padding. Accuracy "
        f"{_percent(tags['accuracy'])}, macro F1 {_percent(tags['macro_f'])}."
    )
    return Table("Tags of tokens", ("tag", "P", "R", "F1", "support"), rows, note)


def slice_tables(report: Mapping[str, Any]) -> list[Table]:
    return [
        Table(f"By {way}", (way, *PRF), [_prf_row(part, prf) for part, prf in parts.items()])
        for way, parts in report["slices"].items()
        if parts
    ]


def error_table(report: Mapping[str, Any]) -> Table:
    kinds = report["errors"]["kinds"]
    meanings = ", ".join(f"{kind}: {ERROR_KINDS[kind]}" for kind in kinds)
    note = f"By gold label; of spurious entities, by the predicted one. {meanings}."
    of_all = sum(map(Counter, kinds.values()), Counter[str]())
    return _count_table("Wrong entities", {**kinds, "all": of_all}, note)


def pattern_table(report: Mapping[str, Any]) -> Table:
    patterns = report["tags"]["confusion"]["patterns"]
    rows = [(f"{row['gold']} → {row['predicted']}", str(row["count"])) for row in patterns]
    return _cut("Misclassified tokens", ("gold → predicted", "count"), rows)


def text_table(report: Mapping[str, Any]) -> Table:
    rows = [
        (row["text"], row["kind"], row["gold"], row["predicted"], str(row["count"]))
        for row in report["errors"]["texts"]
    ]
    return _cut("Texts most often wrong", ("text", "kind", "gold", "predicted", "count"), rows)


def confusion_table(title: str, confusion: Mapping[str, Any]) -> Table:
    labels = confusion["labels"]
    rows = [(label, *map(str, row)) for label, row in zip(labels, confusion["counts"], strict=True)]
    return Table(title, ("gold \\ predicted", *labels), rows)


def cost_table(report: Mapping[str, Any]) -> Table:
    corpus, cost = report["corpus"], report["cost"]
    rows = [
        ("corpus", f"{corpus['tokens']:,} tokens, {corpus['entities']:,} entities"),
        ("words/s", f"{cost['words_per_second']:,}"),
        ("loading", f"{cost['load_seconds']:.1f} s"),
        ("size on disk", f"{cost['bytes'] / 1e6:.1f} MB"),
    ]
    return Table("Speed and size", ("what", "value"), rows)


def all_tables(report: Mapping[str, Any]) -> list[Table]:
    return [
        entity_table(report),
        *slice_tables(report),
        error_table(report),
        text_table(report),
        confusion_table("Entities taken for others", report["confusion"]),
        tag_table(report),
        pattern_table(report),
        confusion_table("Tags taken for others", report["tags"]["confusion"]),
        cost_table(report),
    ]


def _numbers(cells: Iterable[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.lstrip("+-")[:1].isdigit() for cell in filled)


def _prf_row(name: str, prf: Mapping[str, Any]) -> tuple[str, ...]:
    interval = " to ".join(map(_percent, prf.get("interval") or ()))
    support = str(prf.get("support", ""))
    return (name, *(_percent(prf[key]) for key in "prf"), interval, support)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


def comparison_tables(comparison: Mapping[str, Any]) -> list[Table]:
    """The scores of two pipelines with their differences, and what each alone gets right."""
    first, second = comparison["names"]
    header = ("label", "first", "second", "difference", "95 % interval")
    p_values = (f"p ({test})" for test in P_VALUES)
    parts = {**comparison["labels"], "all (micro)": comparison["all"]}
    note = (
        f"F1 in %; first: {first}, second: {second}. p: how probable a difference as large is by "
        "chance, by paired bootstrap and by approximate randomisation of docs."
    )
    return [
        Table(
            "Difference",
            (*header, *p_values),
            [_difference_row(name, row) for name, row in parts.items()],
            note,
        ),
        _count_table("Gold entities that one alone gets right", comparison["right_alone"]),
    ]


def _difference_row(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    scores = (_percent(row[key]) for key in ("first", "second", "f1"))
    interval = " to ".join(map(_percent, row["interval"] or ()))
    p_values = (row[f"p_{test}"] for test in P_VALUES)
    return (name, *scores, interval, *("" if p is None else f"{p:.3f}" for p in p_values))


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
