from torch import Tensor, nn

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.decoders.lattice.viterbi import viterbi


class TagLattice(nn.Module):
    """The valid BILUO paths over a sequence's tokens. A path's score is the sum of the emissions
    of its tags, and of the scores of its steps: 0 here, learned in `CRF`.

    Shapes: B sequences, T tokens of the longest, K tags.
    """

    valid_transitions: Tensor
    valid_starts: Tensor
    valid_ends: Tensor

    def add_valid_steps(self, n_tags: int) -> None:
        """Tables of steps as buffers that aren't stored: 0 where valid, -inf elsewhere."""
        tables = {
            "valid_transitions": biluo.valid_transitions(n_tags),
            "valid_starts": biluo.valid_starts(n_tags),
            "valid_ends": biluo.valid_ends(n_tags),
        }
        for name, valid in tables.items():
            self.register_buffer(name, valid.float().log(), persistent=False)

    def scores(self, emissions: Tensor) -> Scores:
        """Scores of all paths, -inf for those that BILUO forbids. emissions: [B, T, K]."""
        return Scores(emissions, *self.steps()).promoted()

    def steps(self) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of transitions [K, K], starts [K] and ends [K]."""
        return self.valid_transitions, self.valid_starts, self.valid_ends

    def decode(self, emissions: Tensor, mask: Tensor, allowed: Tensor | None) -> Tensor:
        """The best valid path's tags [B, T], among the allowed tags, bool [B, T, K] (all where
        None). mask: bool [B, T], true on tokens."""
        return viterbi(self.scores(emissions).constrained(allowed), mask)
