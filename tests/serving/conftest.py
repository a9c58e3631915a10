"""A tiny trained pipeline, and its service."""

import pytest
import spacy
from served import AT_GATE, GATE, running
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

from spacy_ner_archs.serving.app import make_app
from spacy_ner_archs.serving.limits import Limits

MODEL = {"@architectures": "spacy-ner-archs.BiLSTMCRF.v1", "word_width": 8, "width": 8}
NAMES = {"Ada": "PER", "Rome": "LOC", "Nile": "LOC"}


@pytest.fixture(scope="session")
def nlp():
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": MODEL})
    docs = [
        Doc(nlp.vocab, words=["We", "saw", name, "."], ents=["O", "O", f"B-{label}", "O"])
        for name, label in NAMES.items()
    ]
    examples = [Example(Doc(nlp.vocab, words=[t.text for t in doc]), doc) for doc in docs]
    optimizer = Adam(0.02)
    nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, sgd=optimizer)
    nlp.add_pipe("serving_test_gate")
    return nlp


@pytest.fixture(scope="session")
def service(nlp):
    """Its address, with the usual limits."""
    GATE.set()
    with running(make_app(nlp, "tiny", Limits())) as (address, _):
        yield address


@pytest.fixture
def shut_gate():
    for event in (GATE, AT_GATE):
        event.clear()
    yield GATE
    GATE.set()
