from torch import Tensor, nn
from torch.nn import functional as F

from .dropout import locked_dropout
from .padding import pad, sequence_mask, unpad


class CNN(nn.Module):
    """Convolutions over the words of each sequence, with ReLU (Collobert et al. 2011).

    nI: width of the input. nO: number of filters. window_size: words on either side that a
    filter sees. depth: number of layers.
    """

    def __init__(self, *, nI: int, nO: int, window_size: int, depth: int):
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(width, nO, 2 * window_size + 1, padding=window_size)
            for width in [nI] + [nO] * (depth - 1)
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """He et al. 2015, for ReLU; biases 0."""
        for convolution in self.convolutions:
            nn.init.kaiming_uniform_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        mask = sequence_mask(lengths, X.device)
        for convolution in self.convolutions:
            # padded anew before every layer: a filter must see zeros beyond the sequence
            padded = pad(locked_dropout(X, mask, dropout_rate), mask).transpose(1, 2)
            X = F.relu(unpad(convolution(padded).transpose(1, 2), mask))
        return locked_dropout(X, mask, dropout_rate)
