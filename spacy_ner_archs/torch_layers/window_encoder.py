import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from spacy_ner_archs.torch_layers.padding import batches_by_length, sequence_mask


class WindowEncoder(nn.Module):
    """Reads windows of sub-words in padded batches of like length.

    pad_id: the sub-word that fills up shorter windows.
    max_padded: sub-words of a batch within one call, padding included.

    A subclass has `width` and `device`, those of the vectors, and `encode`.
    """

    width: int
    device: torch.device

    def __init__(self, *, pad_id: int, max_padded: int):
        super().__init__()
        self.pad_id = pad_id
        self.max_padded = max_padded

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Vectors [B, T, width] of sub-words. ids: int64 [B, T]. mask: bool [B, T], false on
        padding."""
        raise NotImplementedError

    def forward(self, windows: list[Tensor], cores: list[slice]) -> Tensor:
        """windows: ids of each window's sub-words, [T]. cores: the part of each window whose
        vectors are wanted. Gives the vectors of all windows, [N, width], in their order."""
        if not windows:
            return torch.zeros(0, self.width, device=self.device)
        batches = list(batches_by_length([len(window) for window in windows], self.max_padded))
        vectors = [
            self._encode_cores([windows[i] for i in batch], [cores[i] for i in batch])
            for batch in batches
        ]
        order = [i for batch in batches for i in batch]
        lengths = [cores[i].stop - cores[i].start for i in order]
        of_window = dict(zip(order, torch.cat(vectors).split(lengths), strict=True))
        return torch.cat([of_window[i] for i in range(len(windows))])

    def _encode_cores(self, windows: list[Tensor], cores: list[slice]) -> Tensor:
        """Vectors of the cores of one batch, [N, width]."""
        ids = pad_sequence(windows, batch_first=True, padding_value=self.pad_id)
        in_core = torch.zeros(ids.shape, dtype=torch.bool)
        for row, core in zip(in_core, cores, strict=True):
            row[core] = True
        mask = sequence_mask([len(window) for window in windows], self.device)
        return self.encode(ids.to(self.device), mask)[in_core.to(self.device)]
