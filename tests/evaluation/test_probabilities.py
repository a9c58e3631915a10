"""Probabilities of a tagger, on the corpus's tokens and with the corpus's labels."""

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from tagged import VOCAB, example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.decoders.entity import Entity as ScoredEntity
from spacy_ner_archs.evaluation.pipelines import Pipeline
from spacy_ner_archs.evaluation.predict import predictions_of
from spacy_ner_archs.evaluation.probabilities import probabilities_of, tagger_in


class Fake:
    """A tagger that knows these probabilities of each doc's spans; all others are 0."""

    def __init__(self, *known, labels=("LOC", "PER")):
        self.known = known
        self.labels = labels

    def candidates(self, docs, min_score):
        return [
            [ScoredEntity(*span, p) for span, p in sorted(known.items()) if p >= min_score]
            for known in self.known
        ]

    def span_probabilities(self, docs, spans):
        pairs = zip(self.known, spans, strict=True)
        return [np.array([known.get(span, 0.0) for span in asked]) for known, asked in pairs]


def test_gold_and_predicted_entities_have_theirs():
    one = example("B-PER I-PER O B-LOC", "B-PER O O B-LOC")
    known = {(0, 1, "PER"): 0.6, (0, 2, "PER"): 0.3, (3, 4, "LOC"): 0.9, (2, 3, "LOC"): 0.001}
    (found,) = probabilities_of(Fake(known), [one], {})
    assert found.entities == {
        Entity(0, 2, "PER"): 0.3,
        Entity(3, 4, "LOC"): 0.9,
        Entity(0, 1, "PER"): 0.6,
    }
    assert [candidate.score for candidate in found.candidates] == [0.6, 0.3, 0.9]


def test_renamed_labels_add_up_and_those_left_out_are_gone():
    one = example("B-LOC B-X", "B-GPE B-DATE")
    known = {(0, 1, "GPE"): 0.5, (0, 1, "FAC"): 0.25, (1, 2, "DATE"): 0.9}
    fake = Fake(known, labels=("DATE", "FAC", "GPE"))
    (found,) = probabilities_of(fake, [one], {"GPE": "LOC", "FAC": "LOC", "DATE": ""})
    assert found.entities == {Entity(0, 1, "LOC"): 0.75}  # and nobody could predict an X
    assert found.candidates == [ScoredEntity(0, 1, "LOC", 0.75)]


def test_other_tokens_than_the_gold_ones():
    gold = Doc(VOCAB, words=["New", "York", "-", "based"], spaces=[True, False, False, False])
    gold.set_ents([Span(gold, 0, 2, label="LOC"), Span(gold, 3, 4, label="PER")])
    predicted = Doc(VOCAB, words=["New", "York-", "based"], spaces=[True, False, False])
    predicted.set_ents([Span(predicted, 0, 2, label="LOC")])
    known = {(0, 2, "LOC"): 0.8, (2, 3, "PER"): 0.1}
    (found,) = probabilities_of(Fake(known), [Example(predicted, gold)], {})
    assert found.entities[Entity(0, 3, "LOC")] == 0.8  # with the dash
    assert found.entities[Entity(3, 4, "PER")] == 0.1


@pytest.mark.parametrize(("n", "is_there"), [(0, False), (1, True), (2, False)])
def test_one_tagger_must_know(n, is_there):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")  # spaCy's own knows none
    for i in range(n):
        nlp.add_pipe("ner_tagger", name=f"tagger{i}")
    assert (tagger_in(nlp) is not None) == is_there


def test_those_of_a_tagger_are_the_scores_of_its_entities():
    nlp = spacy.blank("en")
    tagger = nlp.add_pipe("ner_tagger")
    gold = Doc(nlp.vocab, words=["Ada", "saw", "Rome"], ents=["B-PER", "O", "B-LOC"])
    examples = [Example(Doc(nlp.vocab, words=["Ada", "saw", "Rome"]), gold)]
    nlp.initialize(lambda: examples)
    for _ in range(5):
        nlp.update(examples)
    found = predictions_of(Pipeline("a", nlp, 0.5, 1), Path("a.spacy"), examples, {})
    (doc,) = (example.predicted for example in found.examples)
    scores = {Entity(e.start, e.end, e.label_): e._.ner_score for e in doc.ents}
    assert scores
    known = found.known(0)
    assert {entity: known[entity] for entity in scores} == pytest.approx(scores, abs=1e-5)
    assert known.keys() >= {Entity(0, 1, "PER"), Entity(2, 3, "LOC")}
    assert len(found.probabilities[0].candidates) == len(tagger.candidates([doc])[0])
