"""An audit as one page that needs no other file and no network, to decide the doubts on."""

from collections.abc import Sequence

from spacy_ner_archs.auditing.alternatives import DOUBT_KINDS
from spacy_ner_archs.auditing.audit import Audit
from spacy_ner_archs.auditing.doubted_sentence import DoubtedSentence
from spacy_ner_archs.auditing.tasks import decision_task
from spacy_ner_archs.reporting.audit_summary import (
    MOST_PATTERNS,
    annotated_label,
    audit_tables,
    headline,
    patterns_of,
)
from spacy_ner_archs.reporting.html import MOST_SENTENCES, ordered, render
from spacy_ner_archs.reporting.marked_doubts import marked_doubts


def audit_page(title: str, audit: Audit, doubted: Sequence[DoubtedSentence]) -> str:
    """doubted: of the audit's doubts, in their order; the page has the first of them."""
    shown = doubted[:MOST_SENTENCES]
    doubts = [each.doubt for each in shown]
    in_order = sorted(range(len(doubts)), key=lambda i: (doubts[i].doc, doubts[i].start))
    return render(
        "audit.html.jinja",
        title=title,
        audit=audit,
        headline=headline(audit),
        patterns=patterns_of(audit.doubts)[:MOST_PATTERNS],
        tables=audit_tables(audit),
        doubts=list(zip(doubts, marked_doubts(shown, audit.direction), strict=True)),
        sentences=[each.sentence.text for each in shown],
        places={i: place for place, i in enumerate(in_order)},
        n_doubts=len(audit.doubts),
        tasks=[decision_task(each, audit.checksum) for each in shown],
        kinds={
            kind: DOUBT_KINDS[kind] for kind in DOUBT_KINDS if any(d.kind == kind for d in doubts)
        },
        annotated_label=annotated_label,
        annotated_labels=ordered(map(annotated_label, doubts)),
        better_labels=ordered(doubt.better.label for doubt in doubts),
    )
