from spacy_ner_archs.architectures.checks import at_least, even
from spacy_ner_archs.architectures.embeddings.torch_chars import TorchChars
from spacy_ner_archs.architectures.slots import Tok2Vec
from spacy_ner_archs.torch_layers.char_lstm import CharLSTM


def CharLSTMEmbed(width: int, char_width: int) -> Tok2Vec:
    """Make vectors of words from their characters: the last states of a forward and a backward
    LSTM (Lample et al. 2016). Dropout falls on the character vectors and on the states.

    width (int): Width of the output, both directions together; even.
    char_width (int): Width of the character vectors.
    """
    at_least(1, "CharLSTMEmbed", width=width, char_width=char_width)
    even("CharLSTMEmbed", width=width)
    return TorchChars("char_lstm_embed", CharLSTM, width=width, char_width=char_width)
