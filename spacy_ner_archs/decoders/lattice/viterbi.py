"""The best tag path (Viterbi 1967)."""

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice.forward_backward import MOST_STEPS
from spacy_ner_archs.decoders.lattice.scores import Scores

#: In place of -inf in the steps of the way back.
FORBIDDEN = -1e30

#: Tokens after which the best scores are set back to about 0: a long text keeps its digits.
TOKENS_BEFORE_RESET = 64


def viterbi(scores: Scores, mask: Tensor) -> Tensor:
    """The tags of the best path [B, T]; after a sequence's end its last tag."""
    with torch.no_grad():
        best = best_scores(scores)
        last = last_scores(best, scores, mask).argmax(1, keepdim=True)
        return way_back(best, scores, last.expand(mask.shape), mask.sum(1) - 1)


def best_scores(scores: Scores) -> Tensor:
    """Score of the best path that ends in each tag at each token [T, B, K], up to a number for
    each token and sequence. No tags are kept: the way back finds them along one path."""
    emissions = scores.emissions.transpose(0, 1)
    into = scores.transitions.T.contiguous()  # [to, from]: the maximum runs along memory
    best = torch.empty_like(emissions, memory_format=torch.contiguous_format)
    torch.add(scores.starts, emissions[0], out=best[0])
    n_sequences = max(1, MOST_STEPS // into.numel())
    for t in range(1, len(best)):
        for here, there in zip(
            best[t - 1].split(n_sequences), best[t].split(n_sequences), strict=True
        ):
            torch.amax(here[:, None] + into, 2, out=there)
        best[t] += emissions[t]
        if t % TOKENS_BEFORE_RESET == 0:
            best[t] -= best[t].amax(1, keepdim=True).clamp_min(torch.finfo(best.dtype).min)
    return best


def last_scores(best: Tensor, scores: Scores, mask: Tensor) -> Tensor:
    """Scores of the best paths by their last tag [B, K]."""
    lasts = mask.sum(1) - 1
    return best[lasts, torch.arange(len(lasts), device=lasts.device)] + scores.ends


def way_back(best: Tensor, scores: Scores, tags: Tensor, first_known: Tensor) -> Tensor:
    """The best path [B, T] that has the given tags [B, T] from the token first_known [B] on."""
    onward = scores.transitions.T.clamp_min(FORBIDDEN)  # [to, from]
    known = torch.arange(len(best), device=best.device)[:, None] >= first_known
    # one choice where the tag is known: so the loop needs no mask
    chosen = tags.T[..., None]
    of_chosen = best.gather(2, chosen).masked_fill(known[..., None], 0.0)
    best = best.masked_fill(known[..., None], -torch.inf).scatter(2, chosen, of_chosen)
    path = [tags[:, -1]]
    for here in reversed(best[:-1].unbind(0)):
        path.append((onward[path[-1]] + here).argmax(1))
    return torch.stack(path[::-1], 1)
