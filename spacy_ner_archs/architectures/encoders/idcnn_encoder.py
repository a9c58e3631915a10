from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.slots import Encoder
from spacy_ner_archs.thinc_layers.torch_sequence import TorchSequence
from spacy_ner_archs.torch_layers.idcnn import IDCNN


def IDCNNEncoder(width: int, window_size: int, dilations: list[int], iterations: int) -> Encoder:
    """Encode words in their context with iterated dilated convolutions (Strubell et al. 2017).
    Dropout falls on the input and on the output.

    width (int): Number of filters, and width of the output.
    window_size (int): Words on either side that a filter sees at dilation 1.
    dilations (List[int]): Dilations of the block's layers.
    iterations (int): How often the block is applied, with the same weights. More make a word see
        farther, and are harder to train; the paper's authors have 1 for single sentences.
    """
    if not dilations:
        raise ValueError("IDCNNEncoder: dilations must have at least one number, not []")
    at_least(1, "IDCNNEncoder", width=width, dilations=min(dilations), iterations=iterations)
    at_least(0, "IDCNNEncoder", window_size=window_size)
    return TorchSequence(
        "idcnn",
        IDCNN,
        nO=width,
        window_size=window_size,
        dilations=list(dilations),
        iterations=iterations,
    )
