import torch
from torch import Tensor, nn

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.paths import ExcludedSpan, Scores, viterbi


class Softmax(nn.Module):
    """A distribution over BILUO tags at each token, independent of its neighbours.

    It is trained token by token. Decoding takes the most probable valid path, so that it never
    gives a tag sequence that BILUO forbids. It has the methods of `CRF` and no parameters.

    Shapes: B sequences, T tokens of the longest, K tags. nO: number of tags K.
    """

    def __init__(self, *, nO: int):
        super().__init__()
        self.num_tags = nO

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

    def decode(self, emissions: Tensor, mask: Tensor, allowed: Tensor | None) -> Tensor:
        """The most probable valid path's tags [B, T], among the allowed tags (all where None)."""
        return viterbi(self._scores(emissions), mask, allowed)

    def _scores(self, emissions: Tensor) -> Scores:
        return Scores(
            emissions,
            _log_of(biluo.valid_transitions(self.num_tags), emissions),
            _log_of(biluo.valid_starts(self.num_tags), emissions),
            _log_of(biluo.valid_ends(self.num_tags), emissions),
        )


def _log_prob_of_others(log_probs: Tensor, tags: list[int]) -> Tensor:
    """Log probability of all tag sequences but one: it is left at the first, second, ... token.

    log_probs: [T, K]. A sum of probabilities, so that it stays exact where the one is certain.
    """
    index = torch.tensor(tags, device=log_probs.device)[:, None]
    chosen = log_probs.gather(1, index)[:, 0]
    leaving = log_probs.scatter(1, index, -torch.inf).logsumexp(1)
    return (chosen.cumsum(0) - chosen + leaving).logsumexp(0)


def _log_of(valid: Tensor, like: Tensor) -> Tensor:
    """0 where valid, -inf elsewhere."""
    return valid.to(like).log()
