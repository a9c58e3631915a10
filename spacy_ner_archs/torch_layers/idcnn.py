from torch import Tensor, nn
from torch.nn import functional as F

from .dropout import locked_dropout
from .padding import pad, sequence_mask, unpad


class IDCNN(nn.Module):
    """Iterated dilated convolutions (Strubell et al. 2017): one convolution to the width nO, then
    the same block of dilated convolutions, `iterations` times with shared weights.

    nI: width of the input. nO: number of filters. window_size: words on either side that a
    filter sees at dilation 1. dilations: of the block's layers.
    """

    def __init__(
        self, *, nI: int, nO: int, window_size: int, dilations: list[int], iterations: int
    ):
        super().__init__()
        kernel = 2 * window_size + 1
        self.iterations = iterations
        self.project = nn.Conv1d(nI, nO, kernel, padding=window_size)
        self.block = nn.ModuleList(
            nn.Conv1d(nO, nO, kernel, padding=window_size * dilation, dilation=dilation)
            for dilation in dilations
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """The block starts as the identity, as in the paper (the filters' centre copies its
        channel), the projection by He et al. 2015; biases 0."""
        nn.init.kaiming_uniform_(self.project.weight, nonlinearity="relu")
        nn.init.zeros_(self.project.bias)
        for convolution in self.block:
            nn.init.dirac_(convolution.weight)
            nn.init.zeros_(convolution.bias)

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        mask = sequence_mask(lengths, X.device)
        tokens = mask[:, None]
        padded = pad(locked_dropout(X, mask, dropout_rate), mask).transpose(1, 2)
        Y = F.relu(self.project(padded)) * tokens
        for _ in range(self.iterations):
            for convolution in self.block:
                Y = F.relu(convolution(Y)) * tokens
        return locked_dropout(unpad(Y.transpose(1, 2), mask), mask, dropout_rate)
