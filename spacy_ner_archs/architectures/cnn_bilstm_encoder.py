from thinc.api import Model, chain
from thinc.types import Floats2d

from spacy_ner_archs.architectures.bilstm_encoder import BiLSTMEncoder
from spacy_ner_archs.architectures.cnn_encoder import CNNEncoder


def CNNBiLSTMEncoder(
    width: int, depth: int, cnn_width: int, cnn_window_size: int, cnn_depth: int
) -> Model[list[Floats2d], list[Floats2d]]:
    """Encode words with convolutions over words, and those with bidirectional LSTMs.

    width (int): Width of the output, both directions of the LSTM together; even.
    depth (int): Number of LSTM layers.
    cnn_width (int): Number of filters of the convolutions.
    cnn_window_size (int): Words on either side that a filter sees.
    cnn_depth (int): Number of convolution layers.
    """
    cnn = CNNEncoder(cnn_width, cnn_window_size, cnn_depth)
    return chain(cnn, BiLSTMEncoder(width, depth))
