"""How far a distribution over tag paths is from another."""

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice.scores import Scores


def relative_entropy(
    target: Scores, log_partition: Tensor, scores: Scores, other: Tensor
) -> Tensor:
    """The Kullback-Leibler divergence of a target distribution from another, summed over the
    sequences, in nats: a scalar, with gradients for the scores of the other.

    target: scores that require gradients. log_partition: of the paths that have a probability in
    the target [B], computed from these scores. scores, other: the same of the other distribution,
    which is over all paths.

    The gradients of a logarithmic partition function are the expected counts of all steps. Both
    distributions are log-linear in the steps' scores, so nothing else is needed.
    """
    counts = torch.autograd.grad(log_partition.sum(), target)
    total = other.sum() - log_partition.detach().sum()
    for count, of_target, of_other in zip(counts, target, scores, strict=True):
        difference = torch.where(count != 0, of_target.detach() - of_other, 0.0)
        total = total + (count * difference).sum(dtype=torch.float64)
    return total
