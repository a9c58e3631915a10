"""Corpora of rows of tags, what is said of them, and audits."""

from collections import defaultdict

import spacy
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.auditing.audit import make_audit
from spacy_ner_archs.auditing.corpus_file import read_corpus
from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.corpus.docs import DOCUMENT_START
from spacy_ner_archs.decoders.entity import Entity

VOCAB = spacy.blank("en").vocab

#: Words and IOB2 tags; - is missing annotation. The second doc has two sentences.
ROWS = [
    ("Ann met <b>Ann</b> & Leeds", "B-PER O B-ORG O B-LOC", [0]),
    ("Leeds won . York lost .", "O O O B-LOC O O", [0, 3]),
    ("New York Times in Leeds", "B-LOC I-LOC O O -", [0]),
    ("", "", []),
]


def make_doc(words, tags, sent_starts=(0,)):
    """Of words and tags that are separated by spaces. user_data says that a document starts."""
    words, tags = words.split(), tags.split()
    starts = [i in sent_starts for i in range(len(words))]
    ents = ["" if tag == "-" else tag for tag in tags]
    doc = Doc(VOCAB, words=words, ents=ents, sent_starts=starts)
    doc.user_data[DOCUMENT_START] = True
    return doc


def write_corpus(path, rows=ROWS):
    """A corpus that has been read from a file, written now."""
    DocBin(docs=[make_doc(*row) for row in rows], store_user_data=True).to_disk(path)
    return read_corpus(path)


def tags_of(data):
    """Rows of IOB tags of a .spacy file's bytes."""
    docs = DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab)
    return [" ".join(map(_tag, doc)) for doc in docs]


def _tag(token):
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else token.ent_iob_ or "-"


def entities(text):
    """Of start, end, label and probability: "0 1 LOC 0.5, 2 3 PER 0.1"."""
    rows = [row.split() for row in text.split(",") if row]
    return tuple(Entity(int(start), int(end), label, float(p)) for start, end, label, p in rows)


def judgement(annotated="", others="", outside="", entropy=0.5):
    """Of entities as `entities` takes them. outside: "0 1 O 0.5"; what isn't there has 0. entropy:
    of all places."""
    places = {(e.start, e.end): e.score for e in entities(outside)}
    entropies = defaultdict(lambda: entropy)
    return Judgement(entities(annotated), entities(others), defaultdict(float, places), entropies)


#: Of the docs of `ROWS`: a label, something missing, and boundaries; the rest is right.
JUDGED = [
    judgement("0 1 PER 0.9, 2 3 ORG 0.1, 4 5 LOC 1", "2 3 PER 0.8", "0 1 O 0.1, 2 3 O 0.1"),
    judgement("3 4 LOC 0.4", "0 1 ORG 0.7", "0 1 O 0.2, 3 4 O 0.6", entropy=2.0),
    judgement("0 2 LOC 0.05", "0 3 ORG 0.9", "0 2 O 0.01"),
    judgement(),
]


def audit_of(corpus, judged=JUDGED, labels=("LOC", "ORG", "PER"), direction="ltr"):
    return make_audit(corpus, judged, ["a judge"], labels, direction)
