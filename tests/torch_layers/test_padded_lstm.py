import pytest
import torch

from spacy_ner_archs.torch_layers.padded_lstm import padded_lstm


@pytest.mark.parametrize(("nI", "nO"), [(1, 1), (5, 7), (32, 33), (64, 32)])
def test_filling_up_widths_changes_nothing(nI, nO):
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(nI, nO, bias=False, batch_first=True)
    X = torch.randn(3, 4, nI, requires_grad=True)
    weights = lstm.all_weights[0]
    found, (expected, _) = padded_lstm(X, *weights), lstm(X)
    torch.testing.assert_close(found, expected)
    gradients = [
        torch.autograd.grad(states.pow(2).sum(), [X, *weights]) for states in (found, expected)
    ]
    torch.testing.assert_close(*gradients)
