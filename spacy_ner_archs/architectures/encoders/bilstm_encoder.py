from spacy_ner_archs.architectures.checks import at_least, even
from spacy_ner_archs.architectures.slots import Encoder
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.torch_layers.bilstm import BiLSTM


def BiLSTMEncoder(width: int, depth: int) -> Encoder:
    """Encode words in their context with bidirectional LSTMs (Huang et al. 2015). Dropout falls on
    the input of each layer and on the output.

    width (int): Width of the output, both directions together; even.
    depth (int): Number of layers.
    """
    at_least(1, "BiLSTMEncoder", width=width, depth=depth)
    even("BiLSTMEncoder", width=width)
    return TorchSequence("bilstm", BiLSTM, nO=width, depth=depth)
