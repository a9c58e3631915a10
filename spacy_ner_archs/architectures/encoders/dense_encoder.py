from typing import Literal

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.slots import Encoder
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.torch_layers.dense import Dense

Activation = Literal["none", "relu", "gelu", "tanh"]


def DenseEncoder(width: int, activation: Activation = "gelu") -> Encoder:
    """A hidden layer on each word by itself, for embeddings that have seen the context already.

    width (int): Width of the output.
    activation (str): "none", "relu", "gelu" or "tanh".
    """
    at_least(1, "DenseEncoder", width=width)
    return TorchSequence("dense", Dense, nO=width, activation=activation)
