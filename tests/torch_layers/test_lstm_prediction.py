"""An LSTM's prediction on a processor is that of `torch.lstm` on padded sequences."""

import pytest
import torch

from spacy_ner_archs.torch_layers.bilstm import BiLSTM
from spacy_ner_archs.torch_layers.lstm import prediction
from spacy_ner_archs.torch_layers.lstm.distinct_vectors import distinct_vectors

MANY = prediction.ENOUGH
BATCHES = {
    "one token": [1],
    "one sequence": [9],
    "few": [7, 1, 3, 12],
    "one too few": list(range(1, MANY)),
    "just enough": list(range(1, MANY + 1)),
    "of one length": [4] * 40,
    "some much longer": [5] * 30 + [2, 60, 31, 1],
}


@pytest.mark.parametrize("lengths", BATCHES.values(), ids=BATCHES.keys())
@pytest.mark.parametrize("depth", [1, 2])
def test_it_is_that_of_torch_for_all_lengths(lengths, depth, monkeypatch):
    monkeypatch.setattr(prediction, "CHUNK", 8)
    torch.manual_seed(0)
    layer = BiLSTM(nI=5, nO=14, depth=depth).double()
    words = torch.randn(6, 5, dtype=torch.float64)
    X = words[torch.randint(6, (sum(lengths),))]
    expected = layer(X, lengths).detach()  # with gradients, as in training
    with torch.no_grad():
        torch.testing.assert_close(layer(X, lengths), expected, atol=1e-12, rtol=1e-12)


def test_extreme_inputs_saturate_as_in_torch():
    torch.manual_seed(0)
    layer, lengths = BiLSTM(nI=5, nO=14, depth=1), [3] * MANY
    X = 1000 * torch.randn(sum(lengths), 5)
    expected = layer(X, lengths).detach()
    with torch.no_grad():
        torch.testing.assert_close(layer(X, lengths), expected, atol=1e-6, rtol=1e-5)


def test_tokens_with_the_same_vector_are_found():
    vectors = torch.tensor([[1.0, 2.0], [2.0, 1.0], [0.0, 0.0]])
    X = vectors[[0, 1, 0, 2, 2, 1]]
    found = distinct_vectors(X)
    assert len(found.vectors) == 3
    assert torch.equal(found.vectors[found.of_tokens], X)


@pytest.mark.parametrize("X", [[[2.0, 0.0], [0.0, 1.0]], [[float("nan"), 1.0]] * 2])
def test_vectors_with_the_same_sum_are_not_taken_for_the_same(X):
    """The weights are 1 and 2."""
    X = torch.tensor(X)
    found = distinct_vectors(X)
    assert found.of_tokens.tolist() == [0, 1]
    torch.testing.assert_close(found.vectors, X, equal_nan=True)
