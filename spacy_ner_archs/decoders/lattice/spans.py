"""Probabilities of entities: of the run of tags that BILUO gives a span with a label.

The paths' distribution is a Markov chain, so a run's probability is the marginal of its first tag
times the conditional probability of each next one.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.forward_backward import Posterior


class Spans(NamedTuple):
    """N spans: each an index of its sequence, tokens start to end (exclusive), a label's index."""

    sequences: Tensor
    starts: Tensor
    ends: Tensor
    labels: Tensor


def spans_of(tags: Tensor, mask: Tensor) -> Spans:
    """The entities of valid tag paths [B, T], one sequence after another, in their order."""
    sequences, tokens = ((tags != biluo.OUTSIDE) & mask).nonzero(as_tuple=True)
    tags = tags[sequences, tokens]
    labels, positions = biluo.label_of(tags), biluo.position_of(tags)
    first = (positions == biluo.BEGIN) | (positions == biluo.UNIT)
    last = (positions == biluo.LAST) | (positions == biluo.UNIT)
    return Spans(sequences[first], tokens[first], tokens[last] + 1, labels[first])


def span_probabilities(posterior: Posterior, spans: Spans) -> Tensor:
    """Probability of each span with its label [N], in double precision.

    The time doesn't depend on the spans' lengths.
    """
    lengths = spans.ends - spans.starts
    first = biluo.tag(spans.labels, torch.where(lengths == 1, biluo.UNIT, biluo.BEGIN))
    probabilities = posterior.marginals[spans.sequences, spans.starts, first].double()
    longer = (lengths > 1).nonzero()[:, 0]
    if len(longer):
        probabilities[longer] *= _onward(posterior, Spans(*(part[longer] for part in spans)))
    return probabilities


def outside_probabilities(
    posterior: Posterior, sequences: Tensor, starts: Tensor, ends: Tensor
) -> Tensor:
    """Probability that all tokens from start to end (exclusive) are in no entity [N], in double
    precision."""
    probabilities = posterior.marginals[sequences, starts, biluo.OUTSIDE].double()
    outside = torch.full_like(sequences, biluo.OUTSIDE)
    for i in range(1, int((ends - starts).max())):
        goes_on = (starts + i < ends).nonzero()[:, 0]
        step = (part[goes_on] for part in (sequences, starts + i - 1, outside, outside))
        probabilities[goes_on] *= posterior.conditional(*step)
    return probabilities


def _onward(posterior: Posterior, spans: Spans) -> Tensor:
    """Probability of the tags I ... L, given that B is at a span's start."""
    sequences, starts, ends, labels = spans
    begin, inside, last = (biluo.tag(labels, position) for position in range(3))
    is_pair = ends - starts == 2
    second = torch.where(is_pair, last, inside)
    probabilities = posterior.conditional(sequences, starts, begin, second)
    if is_pair.all():
        return probabilities
    closing = posterior.conditional(sequences, ends - 2, inside, last)
    run = _inside_runs(posterior, sequences, starts + 1, ends - 2, labels)
    return probabilities * torch.where(is_pair, 1.0, closing * run)


def _inside_runs(
    posterior: Posterior, sequences: Tensor, starts: Tensor, ends: Tensor, labels: Tensor
) -> Tensor:
    """Probability that I follows I from the token start up to the token end, given I at start: a
    difference of running sums of logarithms, where zeros are counted apart."""
    n_tags = posterior.marginals.shape[2]
    tags = slice(biluo.tag(0, biluo.INSIDE), n_tags, biluo.TAGS_PER_LABEL)
    weights = posterior.weights.diagonal()[tags].double()
    onward = posterior.onward[:-1, :, tags].double()
    steps = torch.where(onward > 0, weights * posterior.into[1:, :, tags] / onward, 0.0)
    logs = torch.where(steps > 0, steps, 1.0).log()
    sums = torch.stack([logs, (steps == 0).double()])
    sums = torch.nn.functional.pad(sums.cumsum(1), (0, 0, 0, 0, 1, 0))
    logs, zeros = sums[:, ends, sequences, labels] - sums[:, starts, sequences, labels]
    return torch.where((zeros > 0) & (ends > starts), 0.0, logs.exp())


def candidates(posterior: Posterior, min_probability: float) -> tuple[Spans, Tensor]:
    """All spans with at least this probability (above 0), and their probabilities [N].

    In no order. A run's probability falls with its length: only those still above it go on.
    """
    marginals = posterior.marginals
    in_entities = marginals[..., biluo.OUTSIDE + 1 :]
    sequences, tokens, tags = (in_entities >= min_probability).nonzero().unbind(1)
    tags = tags + biluo.OUTSIDE + 1
    labels, positions = biluo.label_of(tags), biluo.position_of(tags)
    probabilities = marginals[sequences, tokens, tags].double()
    unit, begin = positions == biluo.UNIT, positions == biluo.BEGIN
    found = [_Runs(sequences, tokens, tokens, labels, probabilities).where(unit)]
    runs = _Runs(sequences, tokens, tokens, labels, probabilities).where(begin)
    position = biluo.BEGIN
    while len(runs.labels):
        runs = runs.where(runs.lasts + 1 < posterior.mask.shape[1])
        closed = runs.extended(posterior, position, biluo.LAST)
        found.append(closed.where(closed.probabilities >= min_probability))
        runs = runs.extended(posterior, position, biluo.INSIDE)
        runs = runs.where(runs.probabilities >= min_probability)
        position = biluo.INSIDE
    sequences, starts, lasts, labels, probabilities = map(torch.cat, zip(*found, strict=True))
    return Spans(sequences, starts, lasts + 1, labels), probabilities


class _Runs(NamedTuple):
    """Runs of tags from B or U on, up to the token lasts, and their probabilities, each [N]."""

    sequences: Tensor
    starts: Tensor
    lasts: Tensor
    labels: Tensor
    probabilities: Tensor

    def where(self, keep: Tensor) -> "_Runs":
        return _Runs(*(part[keep] for part in self))

    def extended(self, posterior: Posterior, position: int, next_position: int) -> "_Runs":
        """By a token with the label's next position."""
        tags = biluo.tag(self.labels, position), biluo.tag(self.labels, next_position)
        conditional = posterior.conditional(self.sequences, self.lasts, *tags)
        return self._replace(lasts=self.lasts + 1, probabilities=self.probabilities * conditional)
