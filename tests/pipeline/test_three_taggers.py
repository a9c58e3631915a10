"""What doesn't depend on a tagger's layers, on three taggers that have little in common."""

import contextlib
import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
from learning import learn
from spacy.tokens import Doc
from spacy.training import Example
from tagger_table import emissions, ents, make_examples, make_nlp, train
from thinc.api import Adam


def docs_of(nlp):
    return [eg.predicted.copy() for eg in make_examples(nlp)]


def assert_same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module")
def trained(representative):
    """A pipeline that has learned its examples. Tests leave it as it is."""
    nlp, examples, optimizer = make_nlp(representative)
    learn(nlp, examples, optimizer)
    return nlp


def test_copies_give_identical_emissions(trained):
    docs = docs_of(trained)
    expected = emissions(trained, docs)
    pipe = trained.get_pipe("ner")
    for twin in (
        pipe.model.copy(),
        copy.deepcopy(pipe.model),
        pickle.loads(pickle.dumps(pipe.model)),
        pickle.loads(pickle.dumps(trained)).get_pipe("ner").model,
    ):
        assert_same(twin.predict(docs), expected)


def test_a_copy_trains_on_its_own(representative):
    nlp, examples, optimizer = make_nlp(representative)
    train(nlp, examples, optimizer, 2)
    docs = docs_of(nlp)
    twin = copy.deepcopy(nlp)
    before = emissions(twin, docs)
    own = {shim.id for node in nlp.get_pipe("ner").model.walk() for shim in node.shims}
    others = {shim.id for node in twin.get_pipe("ner").model.walk() for shim in node.shims}
    assert own.isdisjoint(others)
    train(nlp, examples, optimizer, 2)
    assert_same(emissions(twin, docs), before)


def test_averages_take_effect_and_are_undone(representative):
    nlp, examples, _ = make_nlp(representative)
    optimizer = Adam(0.01, use_averages=True)
    train(nlp, examples, optimizer, 6)
    docs = docs_of(nlp)
    own = emissions(nlp, docs)
    with nlp.use_params(optimizer.averages):
        averaged = emissions(nlp, docs)
        saved = nlp.to_bytes()
    assert_same(emissions(nlp, docs), own)
    for a, b in zip(averaged, own, strict=True):
        assert not np.allclose(a, b)
    fresh = spacy.blank("en")
    fresh.add_pipe("ner_tagger", name="ner", config={"model": representative})
    assert_same(emissions(fresh.from_bytes(saved), docs), averaged)


def test_averages_are_undone_after_an_exception(representative):
    nlp, examples, _ = make_nlp(representative)
    optimizer = Adam(0.01, use_averages=True)
    train(nlp, examples, optimizer, 3)
    shims = [shim for node in nlp.get_pipe("ner").model.walk() for shim in node.shims]
    before = [shim.to_bytes() for shim in shims]
    with contextlib.suppress(KeyError), nlp.use_params(optimizer.averages):
        assert [shim.to_bytes() for shim in shims] != before
        raise KeyError
    assert [shim.to_bytes() for shim in shims] == before


def test_a_document_of_50000_tokens(trained):
    words = ["Paris", "Hilton", "likes", "New", "York", "."]
    doc = trained(Doc(trained.vocab, words=(words * 8334)[:50_000]))
    assert len(doc) == 50_000
    assert {token.ent_iob for token in doc} <= {1, 2, 3}


def test_without_labels_nothing_is_an_entity(representative):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": representative})
    example = Example.from_dict(nlp.make_doc("a b"), {"entities": []})
    optimizer = nlp.initialize(lambda: [example])
    assert nlp.update([example], sgd=optimizer)["ner"] == pytest.approx(0, abs=1e-6)
    assert nlp("Paris is nice").ents == ()


def test_one_label(representative):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": representative})
    example = Example.from_dict(nlp.make_doc("in Paris now"), {"entities": [(3, 8, "LOC")]})
    nlp.initialize(lambda: [example])
    learn(nlp, [example], Adam(0.01))
    assert ents([nlp("in Paris now")]) == [[(1, 2, "LOC")]]


def test_threads_agree(trained):
    texts = [eg.text for eg in docs_of(trained)] * 4
    expected = ents(trained.pipe(texts))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: ents(trained.pipe(texts)), range(16)))
    assert all(result == expected for result in results)


def test_processes_agree(trained):
    texts = [eg.text for eg in docs_of(trained)] * 4
    expected = ents(trained.pipe(texts))  # warms the parent up: torch has run its threads
    assert ents(trained.pipe(texts, n_process=2, batch_size=5)) == expected
