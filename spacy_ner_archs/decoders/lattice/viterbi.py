"""The best tag path (Viterbi 1967). The loops over tokens are in arrays, as those of `chain`."""

from typing import Any

import torch
from thinc.api import get_array_module
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.arrays import as_array, as_tensor
from spacy_ner_archs.decoders.lattice.best_steps import MANY_TAGS, AllSteps, ValidSteps
from spacy_ner_archs.decoders.lattice.chain import finite
from spacy_ner_archs.decoders.lattice.scores import Scores

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
    n_sequences, _, n_tags = scores.emissions.shape
    order = slice(None) if n_tags < MANY_TAGS else biluo.by_position(n_tags).numpy()
    emissions, transitions, starts, _ = map(as_array, scores)
    steps_of = AllSteps if n_tags < MANY_TAGS else ValidSteps
    steps = steps_of(transitions[order][:, order], n_sequences)
    ordered = _best_scores(emissions[..., order], starts[order], steps)
    best = get_array_module(ordered).empty_like(ordered)
    best[..., order] = ordered
    return as_tensor(best, scores.emissions)


def _best_scores(emissions: Any, starts: Any, steps: AllSteps | ValidSteps) -> Any:
    xp = get_array_module(emissions)
    # [T, K, B]: the emissions, to which each token's best steps are added
    best = emissions.transpose(1, 2, 0).copy()
    step = xp.empty_like(best[0])
    best[0] += starts[:, None]
    for t in range(1, len(best)):
        steps.best(best[t - 1], out=step)
        best[t] += step
        if t % TOKENS_BEFORE_RESET == 0:
            best[t] -= finite(best[t].max(0))
    return xp.ascontiguousarray(best.transpose(0, 2, 1))


def last_scores(best: Tensor, scores: Scores, mask: Tensor) -> Tensor:
    """Scores of the best paths by their last tag [B, K]."""
    lasts = mask.sum(1) - 1
    return best[lasts, torch.arange(len(lasts), device=lasts.device)] + scores.ends


def way_back(best: Tensor, scores: Scores, tags: Tensor, first_known: Tensor) -> Tensor:
    """The best path [B, T] that has the given tags [B, T] from the token first_known [B] on."""
    onward, best_, known_tags, first = map(
        as_array, (scores.transitions.T.contiguous(), best, tags.T, first_known)
    )
    xp = get_array_module(best_)
    path, known_by_none = known_tags.copy(), int(first.min())
    for t in range(len(path) - 2, -1, -1):
        found = (onward.take(path[t + 1], axis=0) + best_[t]).argmax(1)
        path[t] = found if t < known_by_none else xp.where(t < first, found, known_tags[t])
    return as_tensor(path, tags).T
