"""The expected entity ratio: what is known of all tokens together, where hardly any is known to be
outside of entities (Effland & Collins 2021)."""

from typing import NamedTuple

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition
from spacy_ner_archs.decoders.lattice.scores import Scores


class EntityRatio(NamedTuple):
    """The share of tokens that are in entities is expected to be `ratio`, give or take `margin`;
    the loss is `weight` for each 1 that it is farther away. All but the weight are from 0 to 1."""

    ratio: float
    margin: float
    weight: float

    def loss(self, scores: Scores, mask: Tensor) -> Tensor:
        """weight * max(0, |expected share - ratio| - margin) of a batch, a scalar."""
        share = expected_entity_tokens(scores, mask).sum() / mask.sum()
        return self.weight * ((share - self.ratio).abs() - self.margin).clamp_min(0.0)


def expected_entity_tokens(scores: Scores, mask: Tensor) -> Tensor:
    """The expected number of each sequence's tokens that are in entities [B], with gradients, in
    double precision. mask: bool [B, T], true on tokens.

    A path of n such tokens can be counted in n ways, by choosing one of them. So the sum over all
    paths with one chosen token, divided by the sum over all paths, is the expectation. The first
    sum is that of a lattice that has each tag twice: before the choice, and from it on.
    """
    return (log_partition(_with_a_choice(scores), mask) - log_partition(scores, mask)).exp()


def _with_a_choice(scores: Scores) -> Scores:
    emissions, transitions, starts, ends = scores
    never = torch.full_like(ends, -torch.inf)
    can_be_chosen = torch.zeros_like(ends)
    can_be_chosen[biluo.OUTSIDE] = -torch.inf
    choosing = transitions + can_be_chosen
    back = torch.full_like(transitions, -torch.inf)
    return Scores(
        torch.cat([emissions, emissions], 2),
        torch.cat([torch.cat([transitions, choosing], 1), torch.cat([back, transitions], 1)]),
        torch.cat([starts, starts + can_be_chosen]),
        torch.cat([never, ends]),
    )
