from torch import Tensor, nn


class Linear(nn.Module):
    """Emission scores of every tag at every word: a linear layer on the word's vector.

    nI: width of the input. nO: number of tags.
    """

    #: Emission of a tag that was added after training, until it is trained: so low that the
    #: new tag changes no prediction.
    NEW_TAG_BIAS = -10.0

    def __init__(self, *, nI: int, nO: int):
        super().__init__()
        self.linear = nn.Linear(nI, nO)
        nn.init.xavier_uniform_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def extend(self, old: "Linear") -> None:
        """Take over a layer of fewer tags: its scores stay as they are."""
        n_old = old.linear.out_features
        self.linear.weight.detach()[:n_old] = old.linear.weight.detach()
        self.linear.weight.detach()[n_old:] = 0.0
        self.linear.bias.detach()[:n_old] = old.linear.bias.detach()
        self.linear.bias.detach()[n_old:] = self.NEW_TAG_BIAS

    def forward(self, X: Tensor, lengths: list[int], *, dropout_rate: float = 0.0) -> Tensor:
        """[N, nI] to emissions [N, nO]. It has no dropout of its own: the encoder's output has."""
        return self.linear(X)
