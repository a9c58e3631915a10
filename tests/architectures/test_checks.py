"""Arguments that no network can have are refused when it is built from a config, in one line."""

import pytest
from spacy import registry
from tagger_table import (
    BILSTM,
    CHAR_CNN,
    CHAR_LSTM,
    CNN,
    CNN_BILSTM,
    IDCNN,
    OURS,
    TAGGERS,
    WORD,
)

DENSE = {"@architectures": OURS + "DenseEncoder.v1", "width": 8}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({**WORD, "width": 0}, "WordEmbed: width must be at least 1, not 0"),
        ({**WORD, "min_freq": -1}, "WordEmbed: min_freq must be at least 0, not -1"),
        ({**CHAR_CNN, "width": 0}, "CharCNNEmbed: width must be at least 1, not 0"),
        ({**CHAR_CNN, "char_width": -1}, "CharCNNEmbed: char_width must be at least 1, not -1"),
        ({**CHAR_CNN, "window_size": -1}, "CharCNNEmbed: window_size must be at least 0, not -1"),
        ({**CHAR_LSTM, "char_width": 0}, "CharLSTMEmbed: char_width must be at least 1, not 0"),
        (
            {**CHAR_LSTM, "width": 5},
            "CharLSTMEmbed: width is shared by two directions and must be even, not 5",
        ),
        ({**BILSTM, "width": 0}, "BiLSTMEncoder: width must be at least 1, not 0"),
        ({**BILSTM, "depth": 0}, "BiLSTMEncoder: depth must be at least 1, not 0"),
        (
            {**BILSTM, "width": 5},
            "BiLSTMEncoder: width is shared by two directions and must be even, not 5",
        ),
        ({**CNN, "width": -1}, "CNNEncoder: width must be at least 1, not -1"),
        ({**CNN, "depth": 0}, "CNNEncoder: depth must be at least 1, not 0"),
        ({**CNN, "window_size": -1}, "CNNEncoder: window_size must be at least 0, not -1"),
        ({**CNN_BILSTM, "depth": 0}, "CNNBiLSTMEncoder: depth must be at least 1, not 0"),
        ({**CNN_BILSTM, "cnn_width": 0}, "CNNBiLSTMEncoder: cnn_width must be at least 1, not 0"),
        (
            {**CNN_BILSTM, "cnn_window_size": -1},
            "CNNBiLSTMEncoder: cnn_window_size must be at least 0, not -1",
        ),
        (
            {**CNN_BILSTM, "width": 5},
            "CNNBiLSTMEncoder: width is shared by two directions and must be even, not 5",
        ),
        ({**IDCNN, "width": 0}, "IDCNNEncoder: width must be at least 1, not 0"),
        ({**IDCNN, "window_size": -1}, "IDCNNEncoder: window_size must be at least 0, not -1"),
        ({**IDCNN, "dilations": []}, r"IDCNNEncoder: dilations must have at least one number"),
        ({**IDCNN, "dilations": [1, 0]}, "IDCNNEncoder: dilations must be at least 1, not 0"),
        ({**IDCNN, "iterations": 0}, "IDCNNEncoder: iterations must be at least 1, not 0"),
        ({**DENSE, "width": 0}, "DenseEncoder: width must be at least 1, not 0"),
        (
            {"@architectures": OURS + "TransformerCRF.v1", "tok2vec": WORD, "hidden_width": 0},
            "TransformerCRF: hidden_width must be at least 1, not 0",
        ),
        (
            {**TAGGERS["CNNBiLSTM.v1"], "word_width": 0},
            "CNNBiLSTM: word_width must be at least 1, not 0",
        ),
        (
            {**TAGGERS["BiLSTMCRF.v1"], "word_width": -1},
            "BiLSTMCRF: word_width must be at least 1, not -1",
        ),
        (
            {**TAGGERS["CharCNNBiLSTMCRF.v1"], "char_width": 0},
            "CharCNNBiLSTMCRF: char_width must be at least 1, not 0",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_argument_that_no_network_can_have(config, message):
    with pytest.raises(ValueError, match=f"^{message}[^\n]*$"):
        registry.resolve({"model": config})


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({**WORD, "width": 1, "min_freq": 0}, "word_embed"),
        ({**CHAR_CNN, "width": 1, "char_width": 1, "window_size": 0}, "char_cnn_embed"),
        ({**CNN, "width": 1, "depth": 1, "window_size": 0}, "cnn"),
        ({**BILSTM, "width": 2, "depth": 1}, "bilstm"),
        ({**IDCNN, "width": 1, "window_size": 0, "dilations": [1], "iterations": 1}, "idcnn"),
    ],
)
def test_the_least_that_a_network_can_have(config, name):
    assert registry.resolve({"model": config})["model"].name == name
