from spacy_ner_archs.architectures.checks import at_least, even
from spacy_ner_archs.architectures.slots import Encoder
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.torch_layers.bilstm_over_cnn import BiLSTMOverCNN


def CNNBiLSTMEncoder(
    width: int, depth: int, cnn_width: int, cnn_window_size: int, cnn_depth: int
) -> Encoder:
    """Encode words with convolutions over words, and both with bidirectional LSTMs.

    width (int): Width of the output, both directions of the LSTM together; even.
    depth (int): Number of LSTM layers.
    cnn_width (int): Number of filters of the convolutions.
    cnn_window_size (int): Words on either side that a filter sees.
    cnn_depth (int): Number of convolution layers.
    """
    at_least(
        1, "CNNBiLSTMEncoder", width=width, depth=depth, cnn_width=cnn_width, cnn_depth=cnn_depth
    )
    at_least(0, "CNNBiLSTMEncoder", cnn_window_size=cnn_window_size)
    even("CNNBiLSTMEncoder", width=width)
    return TorchSequence(
        "cnn_bilstm",
        BiLSTMOverCNN,
        nO=width,
        depth=depth,
        cnn_width=cnn_width,
        cnn_window_size=cnn_window_size,
        cnn_depth=cnn_depth,
    )
