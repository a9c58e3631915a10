from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.embeddings.torch_chars import TorchChars
from spacy_ner_archs.architectures.slots import Tok2Vec
from spacy_ner_archs.torch_layers.char_cnn import CharCNN


def CharCNNEmbed(width: int, char_width: int, window_size: int) -> Tok2Vec:
    """Make vectors of words from their characters: a convolution, and the maximum over positions
    (Ma & Hovy 2016). Dropout falls on the character vectors.

    width (int): Number of filters, and width of the output.
    char_width (int): Width of the character vectors.
    window_size (int): Characters on either side that a filter sees.
    """
    at_least(1, "CharCNNEmbed", width=width, char_width=char_width)
    at_least(0, "CharCNNEmbed", window_size=window_size)
    return TorchChars(
        "char_cnn_embed", CharCNN, width=width, char_width=char_width, window_size=window_size
    )
