import torch
from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.torch_layers.bilstm import BiLSTM
from spacy_ner_archs.torch_layers.char_table import CharTable
from spacy_ner_archs.torch_layers.padding import batches_by_length


class CharLSTM(nn.Module):
    """Vector of a word from the last states of a forward and a backward LSTM over its characters
    (Lample et al. 2016).

    One long word doesn't pad all others: words are computed in batches of like length.

    n_chars: rows of the character table, padding included. char_width: width of a character.
    nO: width of the vector, both directions together; even.
    """

    MAX_PADDED = 2**15

    def __init__(self, *, n_chars: int, char_width: int, nO: int):
        super().__init__()
        self.chars = CharTable(n_chars, char_width)
        self.bilstm = BiLSTM(nI=char_width, nO=nO, depth=1)

    def forward(self, ids: Tensor, lengths: Tensor, *, dropout_rate: float = 0.0) -> Tensor:
        """ids: character rows of the words [C], one word after another. lengths: of the words [W],
        each at least 1. Returns [W, nO]."""
        chars = self.chars(ids).split(lengths.tolist())
        batches = list(batches_by_length(lengths.tolist(), self.MAX_PADDED))
        vectors = [self._vectors([chars[i] for i in batch], dropout_rate) for batch in batches]
        order = torch.tensor([i for batch in batches for i in batch], device=ids.device)
        return F.embedding(order.argsort(), torch.cat(vectors))

    def _vectors(self, words: list[Tensor], dropout_rate: float) -> Tensor:
        """Character vectors of each word [length, char_width] to [words, nO]."""
        lengths = [len(word) for word in words]
        states = self.bilstm(torch.cat(words), lengths, dropout_rate=dropout_rate)
        half = states.shape[1] // 2
        ends = torch.tensor(lengths, device=states.device).cumsum(0)
        starts = ends - torch.tensor(lengths, device=states.device)
        return torch.cat((states[ends - 1, :half], states[starts, half:]), dim=1)
