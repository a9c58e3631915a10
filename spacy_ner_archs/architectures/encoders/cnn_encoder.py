from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.slots import Encoder
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.torch_layers.cnn import CNN


def CNNEncoder(width: int, window_size: int, depth: int) -> Encoder:
    """Encode words in their context with convolutions over words and ReLU (Collobert et al. 2011).
    Dropout falls on the input and on the output.

    width (int): Number of filters, and width of the output.
    window_size (int): Words on either side that a filter sees.
    depth (int): Number of layers.
    """
    at_least(1, "CNNEncoder", width=width, depth=depth)
    at_least(0, "CNNEncoder", window_size=window_size)
    return TorchSequence("cnn", CNN, nO=width, window_size=window_size, depth=depth)
