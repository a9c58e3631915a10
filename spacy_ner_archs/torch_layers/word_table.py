import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.torch_layers.dropout import drop_words


class WordTable(nn.Module):
    """Trained word vectors, uniform in +-sqrt(3 / width) (Ma & Hovy 2016). Row 0 stands for every
    unknown word.

    n_words: rows, the unknown word's included. width: width of a vector.
    """

    UNKNOWN = 0

    def __init__(self, *, n_words: int, width: int):
        super().__init__()
        bound = math.sqrt(3 / width)
        self.weight = nn.Parameter(torch.empty(n_words, width).uniform_(-bound, bound))

    def set_rows(self, rows: Tensor, vectors: Tensor) -> None:
        """Start these rows [R] from these vectors [R, width]."""
        self.weight.detach()[rows] = vectors.to(self.weight)

    def forward(
        self,
        rows: Tensor,
        fixed: Tensor,
        vectors: Tensor,
        inverse: Tensor,
        *,
        word_dropout: float = 0.0,
    ) -> Tensor:
        """Look up the words of a batch, each distinct word once.

        rows: table rows of the distinct words [W]. fixed: indices of the distinct words [V] that
        take a vector from outside the table, and those vectors [V, width], which aren't trained.
        inverse: the distinct word of each token [N]. word_dropout: share of the tokens that get
        zeros. Returns [N, width].
        """
        words = F.embedding(rows, self.weight)
        if len(fixed):
            words = words.index_copy(0, fixed, vectors)
        return drop_words(F.embedding(inverse, words), word_dropout)
