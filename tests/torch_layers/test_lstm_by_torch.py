import pytest
import torch

from spacy_ner_archs.torch_layers.lstm import by_torch
from spacy_ner_archs.torch_layers.lstm.by_torch import Weights, start_of


def computed(X, weights):
    """States and gradients in bfloat16."""
    rounded = Weights(*(w.bfloat16() for w in weights))
    states, last = by_torch.lstm_by_torch(
        X.bfloat16(), start_of(rounded, len(X)), rounded, batch_first=True
    )
    return states, *last, *torch.autograd.grad(states.float().pow(2).sum(), [X, *weights])


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize(("nI", "nO"), [(1, 1), (5, 7), (32, 33), (64, 32)])
def test_filling_up_widths_changes_nothing(nI, nO, monkeypatch):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(nI, nO, bias=False)
    X = torch.randn(3, 4, nI, requires_grad=True)
    found = computed(X, Weights(*lstm.all_weights[0]))
    monkeypatch.setattr(by_torch, "WIDTHS", 1)
    expected = computed(X, Weights(*lstm.all_weights[0]))
    assert found[0].dtype == torch.bfloat16
    assert found[0].shape == (3, 4, nO)
    for ours, others in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, others, atol=0.02, rtol=0.02)
