"""Two small taggers, and what tests of their behaviour begin with."""

import spacy
from spacy.tokens import Doc
from spacy.training import Example
from tagger_table import TAGGERS, train
from thinc.api import Adam, fix_random_seed

CRF = TAGGERS["BiLSTMCRF.v1"]
SOFTMAX = TAGGERS["CNNBiLSTM.v1"]


def doc_of(nlp, text, **annotation):
    return Doc(nlp.vocab, words=text.split(" "), **annotation)


def fitted(model, references, labels, steps=80, **settings):
    """A pipeline trained on docs, with the labels given."""
    fix_random_seed(0)
    nlp = spacy.blank("en", vocab=references[0].vocab)
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model, **settings})
    examples = [Example(Doc(nlp.vocab, words=[t.text for t in ref]), ref) for ref in references]
    nlp.get_pipe("ner").initialize(lambda: examples, nlp=nlp, labels=labels)
    train(nlp, examples, Adam(0.01), steps)
    return nlp
