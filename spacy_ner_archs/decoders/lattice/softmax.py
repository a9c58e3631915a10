import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan
from spacy_ner_archs.decoders.lattice.tag_lattice import TagLattice


class Softmax(TagLattice):
    """A distribution over BILUO tags at each token, independent of its neighbours.

    It is trained token by token. Decoding and probabilities are of the valid paths alone, so it
    never gives a tag sequence that BILUO forbids. It has the methods of `CRF` and no parameters.

    Shapes: B sequences, T tokens of the longest, K tags. nO: number of tags K.
    """

    def __init__(self, *, nO: int):
        super().__init__()
        self.num_tags = nO
        self.add_valid_steps(nO)

    def extend(self, old: "Softmax") -> None:
        """Nothing to take over from a layer of fewer tags."""

    def forward(
        self, emissions: Tensor, mask: Tensor, allowed: Tensor, excluded: list[ExcludedSpan]
    ) -> Tensor:
        """Negative log likelihood of each sequence's annotation [B]: at each token the probability
        of all tags that the annotation allows, and for an entity known to be wrong the probability
        of any other tags than its own. Decoding, unlike this, looks at valid paths only.

        emissions: [B, T, K]. mask: bool [B, T], true on tokens. allowed: bool [B, T, K], the tags
        that the annotation leaves possible. excluded: entities known to be wrong.
        """
        log_probs = emissions.log_softmax(-1)
        tokens = log_probs.masked_fill(~allowed, -torch.inf).logsumexp(-1)
        loss = -(tokens * mask).sum(1)
        for span in excluded:
            tags = biluo.span_tags(span.start, span.end, span.label)
            log_p = _log_prob_of_others(log_probs[span.sequence, span.start : span.end], tags)
            loss[span.sequence] = loss[span.sequence] - log_p
        return loss


def _log_prob_of_others(log_probs: Tensor, tags: list[int]) -> Tensor:
    """Log probability of all tag sequences but one: it is left at the first, second, ... token.

    log_probs: [T, K]. A sum of probabilities, so that it stays exact where the one is certain.
    """
    index = torch.tensor(tags, device=log_probs.device)[:, None]
    chosen = log_probs.gather(1, index)[:, 0]
    leaving = log_probs.scatter(1, index, -torch.inf).logsumexp(1)
    return (chosen.cumsum(0) - chosen + leaving).logsumexp(0)
