"""The n best tag paths, by splitting the set of all others (Lawler 1972).

All paths but the best are split by the last token at which they differ from it: behind that token
they have its tags, before it the best tags, which the Viterbi table knows. So the best path of
each part costs one maximum over tags. The best of all parts is the next path; its part is split
in the same way.
"""

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice.scores import Scores, path_score
from spacy_ner_archs.decoders.lattice.viterbi import best_scores, last_scores, way_back


def n_best(scores: Scores, mask: Tensor, n: int) -> tuple[Tensor, Tensor]:
    """Tags [B, n, T] and scores [B, n] of the n best paths, best first; -inf where there are fewer.

    The scores are in double precision; minus `log_partition` they are log probabilities. After a
    sequence's end its last tag.
    """
    with torch.no_grad():
        paths = _Paths(scores, mask, n)
        for i in range(1, n):
            paths.find_next(i)
        order = paths.scores.argsort(dim=1, descending=True, stable=True)  # equal but for rounding
        tags = paths.tags.gather(1, order[..., None].expand_as(paths.tags))
        last = tags.gather(2, paths.lasts[:, None, None].expand(-1, n, 1))
        return torch.where(mask[:, None], tags, last), paths.scores.gather(1, order)


class _Paths:
    """The paths found so far, tags [B, n, T] and scores [B, n], and the parts of all others.

    A part is a path and the last token at which its members differ from it. losses, choices
    [B, n, T]: what the part's best member loses against that path (inf for no part), and its tag
    at that token. tokens [B, n]: where each path differs from the one it was split from; excluded,
    bool [B, n, K]: tags that no member of its part there has.
    """

    def __init__(self, scores: Scores, mask: Tensor, n: int):
        n_sequences, n_tokens, n_tags = scores.emissions.shape
        self._all_scores, self._mask = scores, mask
        self._best = best_scores(scores)
        self._rows = torch.arange(n_sequences, device=mask.device)
        self.lasts = mask.sum(1) - 1
        self.tags = self.lasts.new_zeros(n_sequences, n, n_tokens)
        self.scores = torch.full_like(self.tags[..., 0], -torch.inf, dtype=torch.double)
        self._losses = torch.full_like(self.tags, torch.inf, dtype=torch.double)
        self._choices = torch.zeros_like(self.tags)
        self._tokens = torch.zeros_like(self.tags[..., 0])
        self._excluded = mask.new_zeros(n_sequences, n, n_tags)
        last = last_scores(self._best, scores, mask).argmax(1, keepdim=True)
        self._add(0, last.expand(mask.shape), self.lasts)
        self._split(0)

    def find_next(self, i: int) -> None:
        """Path i: the best member of all parts."""
        totals = (self.scores[:, :i, None] - self._losses[:, :i]).flatten(1)
        total, part = totals.max(1)
        parent, token = part // self._mask.shape[1], part % self._mask.shape[1]
        self._losses[self._rows, parent, token] = torch.inf
        tags = self.tags[self._rows, parent]
        at_parents_token = token == self._tokens[self._rows, parent]
        self._excluded[:, i] = self._excluded[self._rows, parent] & at_parents_token[:, None]
        self._excluded[self._rows, i, tags[self._rows, token]] = True
        tags[self._rows, token] = self._choices[self._rows, parent, token]
        self._add(i, tags, token)
        self.scores[:, i].masked_fill_(total == -torch.inf, -torch.inf)
        self._split(i)

    def _add(self, i: int, tags: Tensor, token: Tensor) -> None:
        """The best path that has these tags from a token [B] on."""
        self._tokens[:, i] = token
        self.tags[:, i] = way_back(self._best, self._all_scores, tags, token)
        self.scores[:, i] = path_score(self._all_scores, self.tags[:, i], self._mask)

    def _split(self, i: int) -> None:
        tags, token = self.tags[:, i], self._tokens[:, i]
        onward = self._all_scores.transitions.T[tags.roll(-1, 1)]
        onward[self._rows, self.lasts] = self._all_scores.ends
        totals = self._best.transpose(0, 1) + onward
        of_path = totals.gather(2, tags[..., None])[..., 0]
        totals.scatter_(2, tags[..., None], -torch.inf)
        at = totals[self._rows, token].masked_fill(self._excluded[:, i], -torch.inf)
        totals[self._rows, token] = at
        others, self._choices[:, i] = totals.max(2)
        no_part = torch.arange(tags.shape[1], device=tags.device) > token[:, None]
        self._losses[:, i] = (of_path - others).masked_fill(no_part | others.isneginf(), torch.inf)
