import torch
from torch import Tensor, nn

from spacy_ner_archs.torch_layers.char_table import CharTable
from spacy_ner_archs.torch_layers.dropout import dropout


class CharCNN(nn.Module):
    """Vector of a word from a convolution over its characters and the maximum over positions
    (Ma & Hovy 2016; Chiu & Nichols 2016).

    n_chars: rows of the character table, padding included. char_width: width of a character.
    nO: number of filters. window_size: characters on either side that a filter sees.
    """

    def __init__(self, *, n_chars: int, char_width: int, nO: int, window_size: int):
        super().__init__()
        self.window_size = window_size
        self.chars = CharTable(n_chars, char_width)
        self.convolution = nn.Conv1d(char_width, nO, 2 * window_size + 1)
        nn.init.xavier_uniform_(self.convolution.weight)

    def forward(self, ids: Tensor, lengths: Tensor, *, dropout_rate: float = 0.0) -> Tensor:
        """ids: character rows of the words [C], one word after another. lengths: of the words [W],
        each at least 1. Returns [W, nO]."""
        positions, gapped = self._with_gaps(ids, lengths)
        chars = dropout(self.chars(gapped), dropout_rate)
        scores = self.convolution(chars.T[None])[0].T[positions].float()  # [C, nO]
        return torch.segment_reduce(scores, "max", lengths=lengths, axis=0)

    def _with_gaps(self, ids: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """All words in one line with window_size padding characters around each, so that one
        convolution serves words of any length; and each character's place in the result."""
        gap = self.window_size
        words = torch.repeat_interleave(lengths)
        positions = torch.arange(len(ids), device=ids.device) + words * gap
        gapped = ids.new_full((len(ids) + (len(lengths) + 1) * gap,), CharTable.PAD)
        gapped[positions + gap] = ids
        return positions, gapped
