"""Brute force: all valid tag paths of a sequence with their scores, in double precision."""

import itertools
from functools import cache

import torch
from torch import Tensor

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.scores import Scores


@cache
def valid_paths(length: int, n_labels: int) -> list[tuple[int, ...]]:
    """By the definition: entities of any length, and tokens outside, one after another."""
    paths = [()] if length == 0 else []
    for first in range(1, length + 1):
        starts = [biluo.span_tags(0, first, label) for label in range(n_labels)]
        starts += [[biluo.OUTSIDE]] if first == 1 else []
        for start in starts:
            paths += [(*start, *rest) for rest in valid_paths(length - first, n_labels)]
    return paths


class AllPaths:
    """All valid paths of one sequence [P, length] and their scores [P], by sums in a loop."""

    def __init__(self, scores: Scores, sequence: int, length: int):
        self.n_tags = len(scores.starts)
        self.tags = torch.tensor(valid_paths(length, (self.n_tags - 1) // 4))
        self.scores = scores.starts[self.tags[:, 0]] + scores.ends[self.tags[:, -1]]
        for t in range(length):
            self.scores = self.scores + scores.emissions[sequence, t, self.tags[:, t]]
        for t in range(1, length):
            steps = scores.transitions[self.tags[:, t - 1], self.tags[:, t]]
            self.scores = self.scores + steps
        self.log_partition = self.scores.logsumexp(0)
        self.probabilities = (self.scores - self.log_partition).exp()

    def marginals(self) -> Tensor:
        one_hot = torch.nn.functional.one_hot(self.tags, self.n_tags)
        return (self.probabilities[:, None, None] * one_hot).sum(0)

    def edge_sums(self) -> Tensor:
        sums = torch.zeros(self.n_tags, self.n_tags, dtype=torch.double)
        for before, after in itertools.pairwise(self.tags.T):
            sums.index_put_((before, after), self.probabilities, accumulate=True)
        return sums

    def entropy(self) -> Tensor:
        return -torch.xlogy(self.probabilities, self.probabilities).sum()

    def span_probability(self, start: int, end: int, label: int) -> float:
        tags = torch.tensor(biluo.span_tags(start, end, label))
        holds = (self.tags[:, start:end] == tags).all(1)
        return float(self.probabilities[holds].sum())

    def outside_probability(self, start: int, end: int) -> float:
        is_outside = (self.tags[:, start:end] == biluo.OUTSIDE).all(1)
        return float(self.probabilities[is_outside].sum())

    def all_spans(self) -> dict[tuple[int, int, int], float]:
        n_labels, length = (self.n_tags - 1) // 4, self.tags.shape[1]
        return {
            (start, end, label): self.span_probability(start, end, label)
            for start, end in itertools.combinations(range(length + 1), 2)
            for label in range(n_labels)
        }
