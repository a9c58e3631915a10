"""A pipeline's entities beside those of a corpus."""

from pathlib import Path
from time import perf_counter

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Corpus, Example


def predict_corpus(nlp: Language, path: Path) -> tuple[list[Example], float]:
    """Apply the pipeline to a .spacy file's tokens (or text, where the file has spaces).

    Returns the examples with their predicted docs, and the words a second of the prediction.
    """
    examples = list(Corpus(path)(nlp))
    start = perf_counter()
    docs = list(nlp.pipe(eg.predicted for eg in examples))
    seconds = perf_counter() - start
    for eg, doc in zip(examples, docs, strict=True):
        eg.predicted = doc
    return examples, sum(len(doc) for doc in docs) / seconds


def on_gold_tokens(example: Example) -> Doc:
    """The reference's tokens with the predicted entities, where those have the same boundaries."""
    doc = example.reference.copy()
    doc.set_ents(example.get_aligned_spans_x2y(example.predicted.ents))
    return doc
