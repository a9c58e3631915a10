"""The distribution of a pipeline over the tags of one that has more labels."""

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.scores import Scores


def with_more_labels(scores: Scores, n_tags: int, allowed: Tensor) -> Scores:
    """Scores of the first tags to those of n_tags in all. Entities with the other labels are there
    only where the annotation has them, and the scores of all others are as if they were O.

    allowed: bool [B, T, n_tags], the tags that the annotation leaves possible.
    """
    n_known = len(scores.starts)
    if n_known == n_tags:
        return scores
    is_other = ~allowed[..., :n_known].any(2, keepdim=True)
    of_others = torch.where(is_other, 0.0, -torch.inf).expand(-1, -1, n_tags - n_known)
    tags = torch.arange(n_tags, device=allowed.device)
    like = torch.where(tags < n_known, tags, biluo.OUTSIDE)
    steps = (
        (scores.transitions[like][:, like], biluo.valid_transitions(n_tags)),
        (scores.starts[like], biluo.valid_starts(n_tags)),
        (scores.ends[like], biluo.valid_ends(n_tags)),
    )
    return Scores(
        torch.cat([scores.emissions, of_others.to(scores.emissions)], 2),
        *(each.masked_fill(~valid.to(each.device), -torch.inf) for each, valid in steps),
    )
