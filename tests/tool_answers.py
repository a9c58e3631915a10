"""Answers as the tools write them, and the docs that become of them."""

import json

import spacy

from spacy_ner_archs.annotators.convert import answer_docs
from spacy_ner_archs.annotators.docs import DocMaker
from spacy_ner_archs.annotators.reading.files import read_answers

MAKE_DOC = spacy.blank("en").make_doc


def jsonl(*tasks):
    return "".join(json.dumps(task) + "\n" for task in tasks)


def span(start, end, label, **fields):
    return {"start": start, "end": end, "label": label, **fields}


def prodigy(text, *spans, answer="accept", **fields):
    return {"text": text, "spans": [span(*each) for each in spans], "answer": answer, **fields}


def studio(text, *annotations, **fields):
    """annotations: of each annotator, its spans."""
    done = [{"result": [region(text, *each) for each in spans]} for spans in annotations]
    return {"data": {"text": text}, "annotations": done, **fields}


def region(text, start, end, *labels):
    value = {"start": start, "end": end, "text": text[start:end], "labels": list(labels)}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}


def docs_of(folder, content, tool=None, **settings):
    (folder / "in.jsonl").write_text(content)
    return answer_docs(read_answers(folder / "in.jsonl", tool), DocMaker(MAKE_DOC, **settings))


def tags(doc):
    """Of each token, `-` where nothing is known."""
    return [
        "-" if not token.ent_iob else "-".join(filter(None, [token.ent_iob_, token.ent_type_]))
        for token in doc
    ]


def incorrect(doc, key="incorrect_spans"):
    group = doc.spans.get(key, [])
    return [(span.text, span.label_) for span in group]
