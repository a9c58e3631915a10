"""A sequence of any length gives what it would give as a whole."""

import pytest
import torch

from spacy_ner_archs.torch_layers import bounded_view, convolution
from spacy_ner_archs.torch_layers.bilstm_over_cnn import BiLSTMOverCNN
from spacy_ner_archs.torch_layers.cnn import CNN
from spacy_ner_archs.torch_layers.idcnn import IDCNN
from spacy_ner_archs.torch_layers.lstm import prediction

LAYERS = {
    "cnn": lambda: CNN(nI=5, nO=6, window_size=2, depth=3),
    "idcnn": lambda: IDCNN(nI=5, nO=6, window_size=1, dilations=[1, 2, 4], iterations=2),
    "bilstm over cnn": lambda: BiLSTMOverCNN(
        nI=5, nO=6, depth=1, cnn_width=4, cnn_window_size=1, cnn_depth=2
    ),
}


@pytest.mark.parametrize("length", [1, 10, 11, 95, 100])
@pytest.mark.parametrize("name", LAYERS)
def test_in_parts_as_in_one(name, length, monkeypatch):
    torch.manual_seed(0)
    layer, X = LAYERS[name](), torch.randn(length, 5)
    expected = layer(X, [length]).detach()  # with gradients: in one
    n_parts = []
    in_one = convolution._convolve_padded
    monkeypatch.setattr(
        convolution, "_convolve_padded", lambda *args: n_parts.append(1) or in_one(*args)
    )
    monkeypatch.setattr(bounded_view, "PART", 10)
    monkeypatch.setattr(prediction, "CHUNK", 10)
    with torch.no_grad():
        torch.testing.assert_close(layer(X, [length]), expected, atol=1e-6, rtol=1e-5)
    assert len(n_parts) == -(-length // 10)
