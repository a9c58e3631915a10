import torch
from torch import Tensor, nn

from spacy_ner_archs.torch_layers.bilstm import BiLSTM
from spacy_ner_archs.torch_layers.cnn import CNN


class BiLSTMOverCNN(nn.Module):
    """Convolutions over the words of each sequence, and a bidirectional LSTM that reads them beside
    the words' own vectors (a dense connection, Huang et al. 2017): what filters lose of a word, the
    LSTM still sees.

    nI: width of the input. nO, depth: of the BiLSTM. cnn_width, cnn_window_size, cnn_depth: of the
    CNN.
    """

    def __init__(
        self, *, nI: int, nO: int, depth: int, cnn_width: int, cnn_window_size: int, cnn_depth: int
    ):
        super().__init__()
        self.cnn = CNN(nI=nI, nO=cnn_width, window_size=cnn_window_size, depth=cnn_depth)
        self.bilstm = BiLSTM(nI=nI + cnn_width, nO=nO, depth=depth)

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        both = torch.cat((X, self.cnn.features(X, lengths, dropout_rate=dropout_rate)), dim=1)
        return self.bilstm(both, lengths, dropout_rate=dropout_rate)
