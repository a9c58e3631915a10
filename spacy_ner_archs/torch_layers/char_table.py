import math

from torch import nn


class CharTable(nn.Embedding):
    """Character vectors, uniform in +-sqrt(3 / width) as in Ma & Hovy 2016. Row 0 is padding and
    stays zero; row 1 stands for every character that the training data doesn't hold, and stays
    zero, too, since no training data has such a character."""

    PAD = 0
    UNKNOWN = 1

    def __init__(self, n_chars: int, width: int):
        super().__init__(n_chars, width, padding_idx=self.PAD)
        bound = math.sqrt(3 / width)
        nn.init.uniform_(self.weight, -bound, bound)
        self.weight.detach()[[self.PAD, self.UNKNOWN]] = 0.0
