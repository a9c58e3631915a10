"""A pipeline's entities beside those of a corpus."""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Corpus, Example


def read_examples(nlp: Language, path: Path) -> list[Example]:
    """The docs of a .spacy file, each beside one of its tokens (or text, where the file has
    spaces) without annotation. Raises ValueError for what isn't such a file."""
    try:
        return list(Corpus(path)(nlp))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def predict(nlp: Language, examples: list[Example]) -> float:
    """Apply the pipeline to the examples; returns the words a second."""
    start = perf_counter()
    docs = list(nlp.pipe(eg.predicted for eg in examples))
    seconds = perf_counter() - start
    for eg, doc in zip(examples, docs, strict=True):
        eg.predicted = doc
    return sum(len(doc) for doc in docs) / seconds


def rename_labels(examples: list[Example], names: Mapping[str, str]) -> None:
    """Give predicted entities other labels, or remove those whose name is ""."""
    if not names:
        return
    for eg in examples:
        doc = eg.predicted
        ents = []
        for ent in doc.ents:
            if name := names.get(ent.label_, ent.label_):
                ents.append(Span(doc, ent.start, ent.end, label=name))
        doc.set_ents(ents)


def on_gold_tokens(example: Example) -> Doc:
    """The reference's tokens with the predicted entities, where those have the same boundaries."""
    doc = example.reference.copy()
    doc.set_ents(example.get_aligned_spans_x2y(example.predicted.ents))
    return doc
