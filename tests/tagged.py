"""Examples from rows of tags, and reports of them."""

import json

import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.evaluation.make_report import make_report
from spacy_ner_archs.evaluation.predict import Cost, Predictions
from spacy_ner_archs.evaluation.report import to_json

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


def predictions(examples, model="a", probabilities=None):
    """Of a pipeline that was never there."""
    cost = Cost(1000, 0.5, 10_000)
    return Predictions(examples, model, "corpus.spacy", ("LOC", "PER"), cost, probabilities)


def report_of(examples, train=None, runs=None, **options):
    return make_report(predictions(examples, **options), "iob2", train, runs, resamples=20)


def plain(value):
    """What is read from the JSON of a report or a comparison."""
    return json.loads(to_json(value))


def place(start, end, label, is_wrong=False, probability=None, error=None):
    """A `Place` as JSON has it."""
    where = {"start": start, "end": end, "label": label}
    return {**where, "is_wrong": is_wrong, "probability": probability, "error": error}
