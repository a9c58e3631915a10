from typing import cast

from torch import Tensor, nn

from spacy_ner_archs.torch_layers.convolution import (
    convolve,
    identity_convolution,
    relu_convolution,
)
from spacy_ner_archs.torch_layers.dropout import dropout


class IDCNN(nn.Module):
    """Iterated dilated convolutions (Strubell et al. 2017): one convolution to the width nO, then
    the same block of dilated convolutions, `iterations` times with shared weights.
    As in the paper the block starts as the identity.

    nI: width of the input. nO: number of filters. window_size: words on either side that a
    filter sees at dilation 1. dilations: of the block's layers.
    """

    def __init__(
        self, *, nI: int, nO: int, window_size: int, dilations: list[int], iterations: int
    ):
        super().__init__()
        self.iterations = iterations
        self.project = relu_convolution(nI, nO, window_size)
        self.block = nn.ModuleList(
            identity_convolution(nO, window_size, dilation) for dilation in dilations
        )

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        block = cast(list[nn.Conv1d], list(self.block))
        layers = [self.project, *block * self.iterations]
        return dropout(convolve(dropout(X, dropout_rate), lengths, layers), dropout_rate)
