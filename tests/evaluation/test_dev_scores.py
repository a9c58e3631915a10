"""What the component itself says, at any calibration, from scores that are computed once."""

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.training import Example
from tagger_table import TAGGERS, make_examples, make_nlp, train

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.evaluation.dev_scores import DevScores


@pytest.fixture(scope="module")
def nlp():
    nlp, examples, optimizer = make_nlp(TAGGERS["BiLSTMCRF.v1"])
    train(nlp, examples, optimizer, 5)
    nlp.add_pipe("entity_ruler", first=True).add_patterns([{"label": "ORG", "pattern": "Paris"}])
    return nlp


@pytest.fixture(scope="module")
def dev(nlp):
    empty = Example(Doc(nlp.vocab), Doc(nlp.vocab))
    return DevScores(nlp, [empty, *make_examples(nlp)])


@pytest.mark.parametrize("calibration", [Calibration(), Calibration(2.0, {"PER": 0.5})])
def test_it_says_what_the_component_says(nlp, dev, calibration):
    ner = nlp.get_pipe("ner")
    with nlp.select_pipes(disable="ner"):
        docs = [nlp(example.predicted) for example in make_examples(nlp)]
    ner.cfg.update(calibration._asdict())
    expected = ner.candidates(docs, 0.01)
    found = dev.candidates(calibration, 0.01)
    assert [[e[:3] for e in of_doc] for of_doc in found] == [
        [e[:3] for e in of_doc] for of_doc in expected
    ]
    spans = [[e[:3] for e in of_doc] for of_doc in expected]
    for one, other in zip(
        dev.probabilities(calibration, spans), ner.span_probabilities(docs, spans), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_what_is_preset_is_not_predicted(nlp, dev):
    with nlp.select_pipes(disable="ner"):
        preset = [nlp(example.predicted).ents for example in make_examples(nlp)]
    docs = list(nlp.pipe(example.predicted for example in make_examples(nlp)))
    assert any(preset)
    for doc, ents, found in zip(docs, preset, dev.predicted(), strict=True):
        taken = {(ent.start, ent.end) for ent in ents}
        assert found == [
            (ent.start, ent.end, ent.label_)
            for ent in doc.ents
            if (ent.start, ent.end) not in taken
        ]
