"""What an audit comes to, in words and tables."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from spacy_ner_archs.auditing.alternatives import DOUBT_KINDS
from spacy_ner_archs.auditing.audit import Audit
from spacy_ner_archs.auditing.doubt import Doubt
from spacy_ner_archs.reporting.tables import Choice, Table

#: How many doubts have a higher score is told.
HIGH_SCORE = 0.5
#: Of what is most often doubted.
MOST_PATTERNS = 5
MOST_TEXTS = 20
#: Examples of each.
MOST_EXAMPLES = 3


class Pattern(NamedTuple):
    """Doubts of one kind and the same labels. texts: the most frequent of them."""

    kind: str
    annotated: str
    better: str
    n: int
    texts: tuple[str, ...]

    @property
    def choice(self) -> Choice:
        return {"kind": self.kind, "annotated": self.annotated, "better": self.better}

    @property
    def words(self) -> str:
        if self.kind == "spurious":
            return f"{self.annotated} that probably are no entities"
        if self.kind == "missing":
            return f"{self.better} that probably are missing"
        if self.annotated == self.better:
            return f"{self.annotated} that probably have wrong boundaries"
        other = "" if self.kind == "label" else " with other boundaries"
        return f"{self.annotated} that probably are {self.better}{other}"


def annotated_label(doubt: Doubt) -> str:
    """Where several entities are in one doubt, of the first."""
    return doubt.there[0].label


def headline(audit: Audit) -> str:
    doubts, corpus = len(audit.doubts), audit.corpus
    told = f", {n_above(audit):,} above {HIGH_SCORE:g}" if doubts else ""
    return f"{doubts:,} doubts about {corpus.entities:,} entities{told}"


def n_above(audit: Audit) -> int:
    """How many doubts have a higher score than `HIGH_SCORE`."""
    return sum(doubt.score > HIGH_SCORE for doubt in audit.doubts)


def patterns_of(doubts: Iterable[Doubt]) -> list[Pattern]:
    """The most frequent first."""
    texts: dict[tuple[str, str, str], Counter[str]] = {}
    for doubt in doubts:
        key = doubt.kind, annotated_label(doubt), doubt.better.label
        texts.setdefault(key, Counter())[doubt.better.text] += 1
    patterns = [
        Pattern(*key, counts.total(), tuple(t for t, _ in counts.most_common(MOST_EXAMPLES)))
        for key, counts in texts.items()
    ]
    return sorted(patterns, key=lambda pattern: -pattern.n)


def pattern_lines(audit: Audit) -> list[str]:
    """What is doubted most often, a line each."""
    return [
        f"{pattern.n:,} {pattern.words}, such as {', '.join(pattern.texts)}"
        for pattern in patterns_of(audit.doubts)[:MOST_PATTERNS]
    ]


def audit_tables(audit: Audit) -> list[Table]:
    """Those that have rows."""
    tables = [kind_table(audit), label_table(audit), text_table(audit)]
    return [table for table in tables if table.rows]


def kind_table(audit: Audit) -> Table:
    counts = Counter(doubt.kind for doubt in audit.doubts)
    kinds = [kind for kind in DOUBT_KINDS if counts[kind]]
    rows = [(kind, DOUBT_KINDS[kind], f"{counts[kind]:,}") for kind in kinds]
    choices: Mapping[tuple[int, int], Choice] = {
        (i, 2): {"kind": kind} for i, kind in enumerate(kinds)
    }
    return Table("Kinds of doubts", ("kind", "meaning", "count"), rows, choices=choices)


def label_table(audit: Audit) -> Table:
    """What is doubted as what; O is no entity."""
    pairs = Counter((annotated_label(doubt), doubt.better.label) for doubt in audit.doubts)
    found = pairs.most_common(MOST_TEXTS)
    rows = [(label, better, f"{count:,}") for (label, better), count in found]
    choices: Mapping[tuple[int, int], Choice] = {
        (i, 2): {"annotated": label, "better": better}
        for i, ((label, better), _) in enumerate(found)
    }
    note = "O is no entity." + _cut_note(len(found), len(pairs))
    return Table(
        "Labels most often doubted", ("corpus", "better", "count"), rows, note, (), choices
    )


def text_table(audit: Audit) -> Table:
    texts = Counter(
        (doubt.better.text, annotated_label(doubt), doubt.better.label) for doubt in audit.doubts
    )
    found = [item for item in texts.most_common(MOST_TEXTS) if item[1] > 1]
    rows = [(text, label, better, str(count)) for (text, label, better), count in found]
    choices: Mapping[tuple[int, int], Choice] = {
        (i, 3): {"text": text, "annotated": label, "better": better}
        for i, ((text, label, better), _) in enumerate(found)
    }
    header = ("text", "corpus", "better", "count")
    return Table("Texts most often doubted", header, rows, "Doubted twice or more.", (), choices)


def _cut_note(shown: int, of: int) -> str:
    return f" The {shown} most frequent of {of}." if shown < of else ""
