"""Memory of a tagger with many labels: many_labels.py [LABELS] [DOCS].

Prints what prediction and a batch of training take beyond what the process has before them.
"""

import resource
import sys
import warnings

import spacy
from spacy.tokens import Doc
from spacy.training import Example


def peak() -> float:
    """Of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(n_labels: int, n_docs: int) -> None:
    warnings.simplefilter("ignore")
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", config={"model": {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1"}})
    examples = [
        Example(
            Doc(nlp.vocab, words=["Ada", "sleeps"]),
            Doc(nlp.vocab, words=["Ada", "sleeps"], ents=[f"B-{i % n_labels}", "O"]),
        )
        for i in range(n_docs)
    ]
    nlp.initialize(lambda: examples)
    list(nlp.pipe([examples[0].predicted.copy()]))
    before = peak()
    nlp.get_pipe("ner_tagger").predict([eg.predicted for eg in examples])
    print(f"prediction of {n_docs} docs with {n_labels} labels: {peak() - before:,.0f} MB")
    before = peak()
    nlp.update(examples[:32])
    print(f"an update of 32 docs: {peak() - before:,.0f} MB more")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ("200", "2048")))
