"""Examples from rows of tags."""

import spacy
from spacy.tokens import Doc
from spacy.training import Example

VOCAB = spacy.blank("en").vocab


def example(gold, predicted, words=None, sent_starts=None):
    """Of IOB2 tags, separated by spaces; a gold - is missing annotation."""
    gold, predicted = gold.split(), predicted.split()
    words = words or [f"w{i}" for i in range(len(gold))]
    missing = ["" if tag == "-" else tag for tag in gold]
    return Example(
        Doc(VOCAB, words=words, ents=predicted),
        Doc(VOCAB, words=words, ents=missing, sent_starts=sent_starts),
    )
