from typing import cast

import torch
from torch import Tensor, nn

from spacy_ner_archs.torch_layers.dropout import locked_dropout
from spacy_ner_archs.torch_layers.lstm.by_torch import Weights, lstm_by_torch, start_of
from spacy_ner_archs.torch_layers.lstm.prediction import predict_states
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask, unpad
from spacy_ner_archs.torch_layers.precision import cast_for_lstm
from spacy_ner_archs.torch_layers.threads import at_once


class BiLSTM(nn.Module):
    """Bidirectional LSTM over the words of each sequence (Graves & Schmidhuber 2005; for tagging
    Huang et al. 2015).

    A sequence gives the same result alone and in a batch. The bias is a weight on an extra
    input, 1 on tokens and 0 on padding; no other bias exists, so that padding leaves a zero
    state at zero and the backward LSTM enters the last token as if nothing came before. That
    is exact, and on a CPU two to three times faster than packed sequences.

    nI: width of the input. nO: width of the output, both directions together; even.
    depth: number of layers. Dropout is locked over a sequence's words (Gal & Ghahramani 2016;
    for tagging Reimers & Gurevych 2017).
    """

    def __init__(self, *, nI: int, nO: int, depth: int):
        super().__init__()
        self.lstms = nn.ModuleList(
            nn.LSTM(width + 1, nO // 2, bias=False, bidirectional=True, batch_first=True)
            for width in [nI] + [nO] * (depth - 1)
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Input weights Glorot-uniform, recurrent weights orthogonal (Saxe et al. 2014), bias 0
        but the forget gate's 1 (Jozefowicz et al. 2015)."""
        for lstm in self.lstms:
            for name, weight in lstm.named_parameters():
                gates = weight.detach().chunk(4)  # input, forget, cell, output
                for gate in gates:
                    if name.startswith("weight_hh"):
                        nn.init.orthogonal_(gate)
                    else:
                        nn.init.xavier_uniform_(gate)
                        gate[:, -1] = 0.0
                if name.startswith("weight_ih"):
                    gates[1][:, -1] = 1.0

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] and the sequences' lengths to [N, nO]."""
        is_training = torch.is_grad_enabled() or dropout_rate > 0
        if is_training or X.device.type != "cpu":
            return self._padded(X, lengths, dropout_rate)
        return self._predict(X, lengths)

    def _predict(self, X: Tensor, lengths: list[int]) -> Tensor:
        for i, lstm in enumerate(self.lstms):
            X = predict_states(X, lengths, _weights_of(lstm), repeats=i == 0)
        return X

    def _padded(self, X: Tensor, lengths: list[int], dropout_rate: float) -> Tensor:
        mask = sequence_mask(lengths, X.device)
        bias_input = mask[..., None].to(X.dtype)
        padded = pad(X, mask)
        for lstm in self.lstms:
            inputs = torch.cat((locked_dropout(padded, dropout_rate), bias_input), dim=-1)
            ahead, back = _weights_of(lstm)
            states = at_once(
                (_ahead, *cast_for_lstm(inputs, *ahead)), (_back, *cast_for_lstm(inputs, *back))
            )
            padded = torch.cat(states, dim=-1) * bias_input
        return unpad(locked_dropout(padded, dropout_rate), mask)


def _weights_of(lstm: nn.Module) -> list[Weights]:
    """Of both directions."""
    return [Weights(*of_direction) for of_direction in cast(nn.LSTM, lstm).all_weights]


def _ahead(X: Tensor, input_weights: Tensor, recurrent_weights: Tensor) -> Tensor:
    """One direction over padded sequences: [B, T, nI] to its states [B, T, nO / 2]."""
    weights = Weights(input_weights, recurrent_weights)
    return lstm_by_torch(X, start_of(weights, len(X)), weights, batch_first=True)[0]


def _back(X: Tensor, input_weights: Tensor, recurrent_weights: Tensor) -> Tensor:
    """The other direction."""
    return _ahead(X.flip(1), input_weights, recurrent_weights).flip(1)
