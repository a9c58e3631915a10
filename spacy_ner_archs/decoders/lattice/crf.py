import torchcrf
from torch import Tensor

from spacy_ner_archs.decoders.lattice.forward_backward import log_partition, negative_log_likelihood
from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan, annotated_log_partition
from spacy_ner_archs.decoders.lattice.tag_lattice import TagLattice


class CRF(TagLattice, torchcrf.CRF):
    """Linear-chain conditional random field over BILUO tags (Lafferty et al. 2001; for BiLSTMs
    Huang et al. 2015). The parameters are pytorch-crf's.

    Transitions that BILUO forbids are left out in training and in decoding. The likelihood is of
    all paths that the annotation allows, so missing annotation and known wrong entities are
    learned from exactly (Tsuboi et al. 2008).

    Shapes: B sequences, T tokens of the longest, K tags. nO: number of tags K.
    """

    start_transitions: Tensor
    end_transitions: Tensor
    transitions: Tensor

    def __init__(self, *, nO: int):
        torchcrf.CRF.__init__(self, nO, batch_first=True)
        self.add_valid_steps(nO)

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
        scores = self.scores(emissions)
        if excluded:
            scores = scores.double()
        elif ((allowed.sum(2) == 1) | ~mask).all():
            return negative_log_likelihood(scores, allowed.int().argmax(2), mask).to(
                emissions.dtype
            )
        of_annotation = annotated_log_partition(scores, mask, allowed, excluded)
        return (log_partition(scores, mask) - of_annotation).to(emissions.dtype)

    def steps(self) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of transitions [K, K], starts [K] and ends [K]."""
        return (
            self.transitions + self.valid_transitions,
            self.start_transitions + self.valid_starts,
            self.end_transitions + self.valid_ends,
        )
