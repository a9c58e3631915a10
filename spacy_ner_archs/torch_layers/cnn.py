from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.torch_layers.convolution import relu_convolution
from spacy_ner_archs.torch_layers.dropout import dropout
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask, unpad


class CNN(nn.Module):
    """Convolutions over the words of each sequence, with ReLU (Collobert et al. 2011). Weights
    start by He et al. 2015.

    nI: width of the input. nO: number of filters. window_size: words on either side that a
    filter sees. depth: number of layers.
    """

    def __init__(self, *, nI: int, nO: int, window_size: int, depth: int):
        super().__init__()
        if depth < 1:
            raise ValueError(f"a CNN needs a depth of at least 1, not {depth}")
        self.convolutions = nn.ModuleList(
            relu_convolution(width, nO, window_size) for width in [nI] + [nO] * (depth - 1)
        )

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        return dropout(self.features(X, lengths, dropout_rate=dropout_rate), dropout_rate)

    def features(self, X: Tensor, lengths: list[int], *, dropout_rate: float) -> Tensor:
        """The same without dropout on the output, for a layer that has its own."""
        mask = sequence_mask(lengths, X.device)
        tokens = mask[:, None]
        Y = pad(dropout(X, dropout_rate), mask).transpose(1, 2)
        for convolution in self.convolutions:
            # every layer's padding is zero: a filter must see zeros beyond the sequence
            Y = F.relu(convolution(Y)) * tokens
        return unpad(Y.transpose(1, 2), mask)
