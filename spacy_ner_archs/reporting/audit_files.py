"""The files of an audit, by their names."""

import json
from collections.abc import Sequence

from spacy.tokens import Doc

from spacy_ner_archs.annotators.writing.formats import to_label_studio
from spacy_ner_archs.auditing.audit import Audit
from spacy_ner_archs.auditing.doubted_sentence import doubted_sentences
from spacy_ner_archs.auditing.tasks import decision_task, doubt_task
from spacy_ner_archs.evaluation.report import to_json
from spacy_ner_archs.reporting.audit_page import audit_page


def audit_files(audit: Audit, docs: Sequence[Doc]) -> dict[str, str]:
    """docs: of the corpus."""
    title = f"Doubts about {audit.corpus.file}"
    doubted = doubted_sentences(docs, audit.doubts)
    decisions = [decision_task(each, audit.checksum) for each in doubted]
    lines = [json.dumps(task, ensure_ascii=False) + "\n" for task in decisions]
    return {
        "audit.html": audit_page(title, audit, doubted),
        "audit.json": to_json(audit),
        "doubts.jsonl": "".join(lines),
        "label_studio.json": to_label_studio(map(doubt_task, doubted)),
    }
