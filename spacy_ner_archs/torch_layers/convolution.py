from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.torch_layers.bounded_view import by_parts
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask, unpad


def convolve(X: Tensor, lengths: list[int], convolutions: Sequence[nn.Conv1d]) -> Tensor:
    """Convolutions with ReLU, one on the other, over the words of each sequence: [N, nI] and the
    sequences' lengths to [N, nO]."""
    if torch.is_grad_enabled() or len(lengths) > 1:
        return _convolve_padded(X, lengths, convolutions)
    view = sum(c.dilation[0] * (c.kernel_size[0] // 2) for c in convolutions)
    return by_parts(
        lambda part: _convolve_padded(part, [len(part)], convolutions),
        X,
        width=convolutions[-1].out_channels,
        view=view,
    )


def _convolve_padded(X: Tensor, lengths: list[int], convolutions: Sequence[nn.Conv1d]) -> Tensor:
    mask = sequence_mask(lengths, X.device)
    tokens = mask[:, None]
    Y = pad(X, mask).transpose(1, 2)
    for convolution in convolutions:
        # every layer's padding is zero: a filter must see zeros beyond the sequence
        Y = F.relu(convolution(Y)) * tokens
    return unpad(Y.transpose(1, 2), mask)


def relu_convolution(nI: int, nO: int, window_size: int) -> nn.Conv1d:
    """A convolution that keeps the length, for ReLU: weights by He et al. 2015, biases 0.

    window_size: positions on either side that a filter sees.
    """
    convolution = nn.Conv1d(nI, nO, 2 * window_size + 1, padding=window_size)
    nn.init.kaiming_uniform_(convolution.weight, nonlinearity="relu")
    return _without_bias(convolution)


def identity_convolution(width: int, window_size: int, dilation: int) -> nn.Conv1d:
    """A dilated convolution that keeps length and width, and starts as the identity."""
    padding = window_size * dilation
    convolution = nn.Conv1d(width, width, 2 * window_size + 1, padding=padding, dilation=dilation)
    nn.init.dirac_(convolution.weight)
    return _without_bias(convolution)


def _without_bias(convolution: nn.Conv1d) -> nn.Conv1d:
    if convolution.bias is not None:
        nn.init.zeros_(convolution.bias)
    return convolution
