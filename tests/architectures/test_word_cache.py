"""Vectors of words from their characters are kept as long as the weights stay the same."""

import pickle

import numpy as np
import pytest
import torch
from tagger_table import TAGGERS, emissions, make_nlp, train

from spacy_ner_archs.architectures.embeddings.word_cache import WordCache
from spacy_ner_archs.thinc_layers.torch_shim import shim_of


class Layer:
    """Computes a vector of a word, and remembers which were asked for."""

    def __init__(self):
        self.computed = []

    def __call__(self, words):
        self.computed += words.tolist()
        return torch.from_numpy(np.stack([words, words * 2], axis=1).astype("f"))


def words(*values):
    return np.array(values, dtype=np.uint64)


def test_a_word_is_computed_once():
    cache, layer = WordCache(), Layer()
    for asked in (words(3, 5), words(5, 3), words(9, 3, 7), words(7)):
        found = cache.vectors(asked, "weights", layer)
        assert found.tolist() == [[word, 2 * word] for word in asked.tolist()]
    assert layer.computed == [3, 5, 9, 7]


def test_other_weights_start_anew():
    cache, layer = WordCache(), Layer()
    for weights in (1, 1, 2, 1):
        cache.vectors(words(3), weights, layer)
    assert layer.computed == [3, 3, 3]


def test_it_is_bounded(monkeypatch):
    monkeypatch.setattr(WordCache, "MOST_WORDS", 10)
    cache, layer = WordCache(), Layer()
    for first in range(1, 100, 4):
        asked = words(*range(first, first + 4))
        assert cache.vectors(asked, "weights", layer)[:, 0].tolist() == asked.tolist()
        assert len(cache._table.vectors) <= 10
    huge = words(*range(1, 30))
    assert cache.vectors(huge, "weights", layer)[:, 0].tolist() == huge.tolist()


@pytest.fixture(scope="module")
def nlp():
    nlp, examples, optimizer = make_nlp(TAGGERS["CharCNNBiLSTMCRF.v1"])
    train(nlp, examples, optimizer, 3)
    return nlp


def char_layer(nlp):
    return next(node for node in nlp.get_pipe("ner").model.walk() if "cache" in node.attrs)


@pytest.fixture
def computed(nlp, monkeypatch):
    """The number of words in each call of the layer's module."""
    n_words = []
    module = shim_of(char_layer(nlp)).module
    forward = module.forward

    def watched(ids, lengths, **rate):
        n_words.append(len(lengths))
        return forward(ids, lengths, **rate)

    monkeypatch.setattr(module, "forward", watched)
    return n_words


def test_what_changes_the_weights_empties_it(nlp, computed):
    docs = [nlp.make_doc("Paris likes Paris"), nlp.make_doc("likes Berlin")]
    first = emissions(nlp, docs)
    again = emissions(nlp, docs)
    assert computed == [3]
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate(again))
    shim = shim_of(char_layer(nlp))
    name, weights = next(iter(shim.module.named_parameters()))
    with nlp.get_pipe("ner").model.use_params({(shim.id, name): weights.detach().numpy() + 1}):
        other = emissions(nlp, docs)
    assert not np.allclose(np.concatenate(other), np.concatenate(first))
    np.testing.assert_array_equal(np.concatenate(emissions(nlp, docs)), np.concatenate(first))


def test_copies_and_pickles_have_none_of_it(nlp):
    emissions(nlp, [nlp.make_doc("Paris")])
    copy = nlp.get_pipe("ner").model.copy()
    cache = next(node for node in copy.walk() if "cache" in node.attrs).attrs["cache"]
    assert cache._table.is_empty
    assert pickle.loads(pickle.dumps(char_layer(nlp).attrs["cache"]))._table.is_empty
