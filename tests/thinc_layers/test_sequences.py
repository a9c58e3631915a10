"""A batch is one array between the layers of this package, and a list of arrays for all others."""

import copy
import pickle

import numpy as np
import pytest
import spacy
from tagger_table import BILSTM, CHAR_CNN, SHAPE, WORD, concat, make_nlp, tagger
from thinc.api import Model

from spacy_ner_archs.thinc_layers.sequences import Sequences, flatten

OURS = tagger("CRFTagger", concat(word=WORD, shape=SHAPE, char=CHAR_CNN), BILSTM)
LENGTHS = [2, 0, 3]


@pytest.fixture
def sequences():
    return Sequences(np.arange(10, dtype="f").reshape(5, 2), LENGTHS)


@pytest.fixture
def copies(monkeypatch):
    """The arrays of floats that NumPy has put together."""
    made = []

    def watched(function):
        def call(arrays, *args, **kwargs):
            result = function(arrays, *args, **kwargs)
            if result.ndim == 2 and result.dtype == np.float32:
                made.append(result)
            return result

        return call

    for name in ("concatenate", "hstack", "vstack"):
        monkeypatch.setattr(np, name, watched(getattr(np, name)))
    return made


def test_a_batch_is_flattened_where_it_enters_alone(copies):
    nlp, examples, _ = make_nlp(OURS)
    model, docs = nlp.get_pipe("ner").model, [eg.predicted for eg in examples]
    copies.clear()
    emissions, backprop = model.begin_update(docs)
    assert len(copies) == 1  # the embeddings side by side
    backprop([np.ones_like(sequence) for sequence in emissions])
    assert len(copies) == 2  # the gradient, given as a plain list


def test_arrays_are_views_of_one(sequences):
    assert isinstance(sequences, list)
    assert [array.shape for array in sequences] == [(2, 2), (0, 2), (3, 2)]
    assert all(np.shares_memory(array, sequences.flat) for array in sequences if len(array))
    assert flatten(Model("any", None), sequences) is sequences.flat


def test_another_array_in_a_place_counts(sequences):
    """As spacy-transformers puts it there, in a gradient."""
    sequences[2] = np.zeros((3, 2), dtype="f")
    expected = [[0, 1], [2, 3], [0, 0], [0, 0], [0, 0]]
    np.testing.assert_array_equal(flatten(Model("any", None), sequences), expected)


def test_a_plain_list_is_put_together(sequences):
    model = Model("any", None)
    np.testing.assert_array_equal(flatten(model, list(sequences)), sequences.flat)
    assert flatten(model, []).shape == (0, 0)


@pytest.mark.parametrize(
    "twin_of", [copy.deepcopy, copy.copy, lambda x: pickle.loads(pickle.dumps(x))]
)
def test_copies_are_lists(sequences, twin_of):
    twin = twin_of(sequences)
    assert type(twin) is list
    for one, other in zip(twin, sequences, strict=True):
        np.testing.assert_array_equal(one, other)


def test_vectors_of_a_shared_tok2vec_stay_with_their_docs():
    nlp, examples, _ = make_nlp(OURS)
    tok2vec = nlp.get_pipe("ner").model.get_ref("tok2vec")
    docs = [eg.predicted for eg in examples]
    shared = spacy.blank("en").add_pipe("tok2vec")
    shared.model = tok2vec
    shared.set_annotations(docs, shared.predict(docs))
    for doc, vectors in zip(docs, tok2vec.predict(docs), strict=True):
        np.testing.assert_array_equal(doc.tensor, vectors)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(doc.tensor)), vectors)
