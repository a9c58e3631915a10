from typing import cast

from torch import Tensor, nn

from spacy_ner_archs.torch_layers.convolution import convolve, relu_convolution
from spacy_ner_archs.torch_layers.dropout import dropout


class CNN(nn.Module):
    """Convolutions over the words of each sequence, with ReLU (Collobert et al. 2011). Weights
    start by He et al. 2015.

    nI: width of the input. nO: number of filters. window_size: words on either side that a
    filter sees. depth: number of layers.
    """

    def __init__(self, *, nI: int, nO: int, window_size: int, depth: int):
        super().__init__()
        self.convolutions = nn.ModuleList(
            relu_convolution(width, nO, window_size) for width in [nI] + [nO] * (depth - 1)
        )

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        return dropout(self.features(X, lengths, dropout_rate=dropout_rate), dropout_rate)

    def features(self, X: Tensor, lengths: list[int], *, dropout_rate: float) -> Tensor:
        """The same without dropout on the output, for a layer that has its own."""
        layers = cast(list[nn.Conv1d], list(self.convolutions))
        return convolve(dropout(X, dropout_rate), lengths, layers)
