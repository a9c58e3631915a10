from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

from spacy_ner_archs.torch_layers.dropout import dropout

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda X: X,
    "relu": F.relu,
    "gelu": F.gelu,
    "tanh": F.tanh,
}


class Dense(nn.Module):
    """A linear layer on each word's vector and an activation, with dropout before and after.

    nI: width of the input. nO: width of the output. activation: none, relu, gelu or tanh.
    """

    def __init__(self, *, nI: int, nO: int, activation: str):
        super().__init__()
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, not {activation}"
            )
        self.activation = ACTIVATIONS[activation]
        self.linear = nn.Linear(nI, nO)
        nn.init.xavier_uniform_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] to [N, nO]."""
        return dropout(self.activation(self.linear(dropout(X, dropout_rate))), dropout_rate)
