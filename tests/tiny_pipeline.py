"""A pipeline that has seen a few sentences, and finds entities in others like them."""

import spacy
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

TEXTS = [
    "Ann lives in Paris .",
    "Rome is older than Paris .",
    "Bob and Ann saw Rome",
    "nobody was there",
    "",
]
_ENTS = {"Ann": "B-PER", "Bob": "B-PER", "Paris": "B-LOC", "Rome": "B-LOC"}


def tiny_pipeline():
    fix_random_seed(0)
    nlp = spacy.blank("en")
    tagger = nlp.add_pipe("ner_tagger", name="ner")
    examples = [_example(nlp, text.split()) for text in TEXTS if text]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(15):
        nlp.update(examples, sgd=optimizer)
    assert tagger.labels == ("LOC", "PER")
    return nlp


def _example(nlp, words):
    gold = Doc(nlp.vocab, words=words, ents=[_ENTS.get(word, "O") for word in words])
    return Example(Doc(nlp.vocab, words=words), gold)
