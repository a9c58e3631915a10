import torch
import torchcrf
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.paths import (
    ExcludedSpan,
    Scores,
    log_partition,
    log_partition_without,
    path_score,
    viterbi,
)


class CRF(torchcrf.CRF):
    """Linear-chain conditional random field over BILUO tags (Lafferty et al. 2001; for BiLSTMs
    Huang et al. 2015). The parameters are pytorch-crf's.

    Transitions that BILUO forbids are left out in training and in decoding. The likelihood is of
    all paths that the annotation allows, so missing annotation and known wrong entities are
    learned from exactly (Tsuboi et al. 2008).

    Shapes: B sequences, T tokens of the longest, K tags. nO: number of tags K.
    """

    def __init__(self, *, nO: int):
        super().__init__(nO, batch_first=True)

    def extend(self, old: "CRF") -> None:
        """Take over a CRF of fewer tags: its transitions stay as they are."""
        n_old = old.num_tags
        for new, trained in zip(self.parameters(), old.parameters(), strict=True):
            new.detach().zero_()
            new.detach()[(slice(n_old),) * new.ndim] = trained.detach()

    def forward(
        self, emissions: Tensor, mask: Tensor, allowed: Tensor, excluded: list[ExcludedSpan]
    ) -> Tensor:
        """Negative log likelihood of each sequence's annotation [B].

        emissions: [B, T, K]. mask: bool [B, T], true on tokens. allowed: bool [B, T, K], the tags
        that the annotation leaves possible. excluded: entities known to be wrong.
        """
        scores = self._scores(emissions.double())  # T sums of exponentials: float32 loses digits
        is_known = allowed.sum(2) == 1
        if excluded or not (is_known | ~mask).all():
            annotated = scores._replace(
                emissions=scores.emissions.masked_fill(~allowed, -torch.inf)
            )
            of_annotation = log_partition_without(annotated, mask, excluded)
        else:
            of_annotation = path_score(scores, allowed.int().argmax(2), mask)
        return (log_partition(scores, mask) - of_annotation).to(emissions.dtype)

    def decode(self, emissions: Tensor, mask: Tensor, allowed: Tensor | None) -> Tensor:
        """The best valid path's tags [B, T], among the allowed tags (all where None)."""
        return viterbi(self._scores(emissions), mask, allowed)

    def _scores(self, emissions: Tensor) -> Scores:
        return Scores(
            emissions,
            _forbid(self.transitions.to(emissions), biluo.valid_transitions(self.num_tags)),
            _forbid(self.start_transitions.to(emissions), biluo.valid_starts(self.num_tags)),
            _forbid(self.end_transitions.to(emissions), biluo.valid_ends(self.num_tags)),
        )


def _forbid(scores: Tensor, valid: Tensor) -> Tensor:
    return scores.masked_fill(~valid.to(scores.device), -torch.inf)
