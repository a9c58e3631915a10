import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice.forward_backward import Posterior


def entropy(posterior: Posterior) -> Tensor:
    """Entropy of each sequence's paths [B], in nats and double precision.

    The chain rule: the entropy of the first tag, and at each token that of the next tag given its
    own, weighted by its marginals (Mann & McCallum 2007). The sums over pairs of tags are matrix
    products, so no table of all steps is in memory.
    """
    marginals = posterior.marginals.transpose(0, 1).double()
    first = -torch.xlogy(marginals[0], marginals[0]).sum(1)
    weights = posterior.weights[:-2, :-2].double()
    into = posterior.into[1:, :, :-2].double()
    now = marginals[:-1] * posterior.mask.T[1:, :, None]  # no step follows a sequence's last token
    total = into @ weights.T
    share = torch.where(total > 0, now / total, 0.0)
    # of p = weights * into / total: minus the sum of now * p * log p
    of_steps = (share @ torch.xlogy(weights, weights)) * into
    of_tags = (share @ weights) * torch.xlogy(into, into)  # log of 0 counts as 0
    of_totals = torch.where(now > 0, now * total.log(), 0.0)
    steps = of_totals.sum((0, 2)) - (of_steps + of_tags).sum((0, 2))
    return (first + steps).clamp_min(0.0)
