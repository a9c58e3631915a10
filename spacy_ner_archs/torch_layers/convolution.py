from torch import nn


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
