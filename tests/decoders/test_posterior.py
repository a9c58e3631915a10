"""Sums, probabilities, samples and n best paths against brute force over all valid paths."""

import itertools
import math

import pytest
import torch
from tag_paths import AllPaths

from spacy_ner_archs.decoders.lattice import best_steps, biluo
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.entropy import entropy
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition, posterior
from spacy_ner_archs.decoders.lattice.n_best import n_best
from spacy_ner_archs.decoders.lattice.sampling import sample
from spacy_ner_archs.decoders.lattice.scores import path_score
from spacy_ner_archs.decoders.lattice.softmax import Softmax
from spacy_ner_archs.decoders.lattice.spans import (
    Spans,
    candidates,
    outside_probabilities,
    span_probabilities,
)
from spacy_ner_archs.decoders.lattice.viterbi import best_scores, viterbi
from spacy_ner_archs.torch_layers.padding import sequence_mask

N_LABELS = 3
K = biluo.n_tags(N_LABELS)
LENGTHS = [6, 1, 3, 5, 2]
MASK = sequence_mask(LENGTHS, torch.device("cpu"))


def make_scores(kind):
    """Scores of a CRF or softmax, with or without forbidden tags, of different spreads."""
    generator = torch.Generator().manual_seed(len(kind))
    emissions = torch.randn(*MASK.shape, K, dtype=torch.double, generator=generator)
    emissions *= {"crf, sure": 12.0, "crf, flat": 0.01}.get(kind, 2.0)
    module = Softmax(nO=K) if kind == "softmax" else CRF(nO=K)
    for parameter in module.double().parameters():
        torch.nn.init.normal_(parameter, std=2.0, generator=generator)
    scores = module.scores(emissions)
    if "forbidden" in kind:
        allowed = torch.rand(emissions.shape, generator=generator) < 0.6
        allowed[..., biluo.OUTSIDE] = True
        scores = scores.constrained(allowed)
    if "far apart" in kind:  # beyond what exponentials hold, even in double precision
        scores.emissions[0, 1:4] = -1e4
        for t, tag in enumerate(biluo.span_tags(1, 4, 2), 1):
            scores.emissions[0, t, tag] = 1e4
        scores.emissions[0, 1, biluo.tag(2, biluo.BEGIN)] = -1.5e4
        scores.emissions[3, 2] = -1e4
    if "all or nothing" in kind:
        # an entity whose start is unlikely by itself, as is its end: the middle makes up for it
        scores.emissions[0] = torch.where(torch.arange(K) == biluo.OUTSIDE, 0.0, -900.0)
        for t, tag in enumerate(biluo.span_tags(0, 6, 1)):
            scores.emissions[0, t, tag] = -500.0 if t in (0, 5) else 251.0
    return type(scores)(*(part.detach() for part in scores))


KINDS = [
    "crf",
    "crf, sure",
    "crf, flat",
    "crf, forbidden tags",
    "crf, far apart",
    "crf, all or nothing",
    "softmax",
    "softmax, forbidden tags",
]


@pytest.fixture(params=KINDS)
def scores(request):
    return make_scores(request.param)


@pytest.fixture
def all_paths(scores):
    return [AllPaths(scores, i, length) for i, length in enumerate(LENGTHS)]


def close(actual, expected):
    torch.testing.assert_close(actual, expected, rtol=1e-9, atol=1e-9)


def test_log_partition_and_marginals(scores, all_paths):
    chain = posterior(scores, MASK)
    close(chain.log_partition, torch.stack([paths.log_partition for paths in all_paths]))
    close(chain.log_partition, log_partition(scores, MASK))
    for i, paths in enumerate(all_paths):
        close(chain.marginals[i, : LENGTHS[i]], paths.marginals())
        assert not chain.marginals[i, LENGTHS[i] :].any()


def test_gradients_of_the_log_partition(scores, all_paths):
    leaves = type(scores)(*(part.clone().requires_grad_() for part in scores))
    weights = torch.tensor([1.0, -2.0, 0.5, 3.0, 1.5], dtype=torch.double)
    log_partition(leaves, MASK).mul(weights).sum().backward()
    close(
        leaves.transitions.grad,
        sum(w * p.edge_sums() for w, p in zip(weights, all_paths, strict=True)),
    )
    marginals = [paths.marginals() for paths in all_paths]
    close(leaves.starts.grad, sum(w * m[0] for w, m in zip(weights, marginals, strict=True)))
    close(leaves.ends.grad, sum(w * m[-1] for w, m in zip(weights, marginals, strict=True)))
    for i, length in enumerate(LENGTHS):
        close(leaves.emissions.grad[i, :length], weights[i] * marginals[i])
        assert not leaves.emissions.grad[i, length:].any()


def test_path_score_and_its_gradients():
    scores = make_scores("crf")
    paths = [AllPaths(scores, i, length) for i, length in enumerate(LENGTHS)]
    tags = torch.full(MASK.shape, K - 1)
    for i, length in enumerate(LENGTHS):
        tags[i, :length] = paths[i].tags[-1]
    expected = torch.stack([path.scores[-1] for path in paths])
    close(path_score(scores, tags, MASK), expected)
    leaves = type(scores)(*(part.nan_to_num(neginf=-5.0).requires_grad_() for part in scores))
    assert torch.autograd.gradcheck(
        lambda *parts: path_score(type(scores)(*parts), tags, MASK), tuple(leaves)
    )


def test_entropy(scores, all_paths):
    close(entropy(posterior(scores, MASK)), torch.stack([paths.entropy() for paths in all_paths]))


def test_span_probabilities(scores, all_paths):
    expected = {
        (i, *span): probability
        for i, paths in enumerate(all_paths)
        for span, probability in paths.all_spans().items()
    }
    spans = Spans(*torch.tensor(list(expected)).unbind(1))
    probabilities = span_probabilities(posterior(scores, MASK), spans)
    close(probabilities, torch.tensor(list(expected.values()), dtype=torch.double))


def test_outside_probabilities(scores, all_paths):
    expected = {
        (i, start, end): paths.outside_probability(start, end)
        for i, paths in enumerate(all_paths)
        for start, end in itertools.combinations(range(LENGTHS[i] + 1), 2)
    }
    places = torch.tensor(list(expected)).unbind(1)
    probabilities = outside_probabilities(posterior(scores, MASK), *places)
    close(probabilities, torch.tensor(list(expected.values()), dtype=torch.double))


@pytest.mark.parametrize("min_probability", [1e-4, 0.01, 0.5])
def test_candidates_are_all_spans_with_at_least_that_probability(
    scores, all_paths, min_probability
):
    spans, probabilities = candidates(posterior(scores, MASK), min_probability)
    found = dict(
        zip(zip(*map(torch.Tensor.tolist, spans), strict=True), probabilities.tolist(), strict=True)
    )
    assert len(found) == len(probabilities)
    expected = {
        (i, *span): probability
        for i, paths in enumerate(all_paths)
        for span, probability in paths.all_spans().items()
        if probability >= min_probability
    }
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_no_candidates():
    scores = make_scores("crf")
    scores.emissions[..., biluo.OUTSIDE] = 100.0
    spans, probabilities = candidates(posterior(scores, MASK), 0.01)
    assert [len(part) for part in (*spans, probabilities)] == [0] * 5
    none = Spans(*torch.zeros(4, 0, dtype=torch.long))
    assert len(span_probabilities(posterior(scores, MASK), none)) == 0


@pytest.mark.parametrize("n", [1, 7, 30])
def test_n_best(scores, all_paths, n):
    tags, best = n_best(scores, MASK, n)
    for i, paths in enumerate(all_paths):
        possible = paths.scores[paths.scores.isfinite()]
        expected = possible.sort(descending=True).values[:n]
        n_paths = len(expected)
        close(best[i, :n_paths], expected)
        assert best[i, n_paths:].tolist() == [-math.inf] * (n - n_paths)
        found = [tuple(path) for path in tags[i, :n_paths, : LENGTHS[i]].tolist()]
        assert len(set(found)) == n_paths
        score_of = dict(zip(map(tuple, paths.tags.tolist()), paths.scores, strict=True))
        close(torch.stack([score_of[path] for path in found]), expected)
    assert torch.equal(tags[:, 0], viterbi(scores, MASK))


@pytest.mark.parametrize("kind", ["crf, flat", "softmax, forbidden tags"])
def test_samples_have_the_paths_frequencies(kind):
    scores, n = make_scores(kind), 20_000
    tags = sample(posterior(scores, MASK), n, torch.Generator().manual_seed(0))
    assert not tags[:, ~MASK].any()
    for i, length in enumerate(LENGTHS):
        paths = AllPaths(scores, i, length)
        order = {path: j for j, path in enumerate(map(tuple, paths.tags.tolist()))}
        drawn = torch.tensor([order[tuple(path)] for path in tags[:, i, :length].tolist()])
        frequencies = drawn.bincount(minlength=len(order)) / n
        deviation = (paths.probabilities * (1 - paths.probabilities) / n).sqrt()
        assert ((frequencies - paths.probabilities).abs() <= 6 * deviation + 1 / n).all()


def test_samples_are_seeded():
    chain = posterior(make_scores("crf, flat"), MASK)
    first, again, other = (
        sample(chain, 5, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_temperature_divides_all_scores():
    scores = make_scores("crf")
    paths = AllPaths(scores, 0, LENGTHS[0])
    chain = posterior(scores.at_temperature(2.5), MASK)
    close(chain.log_partition[0], (paths.scores / 2.5).logsumexp(0))


def test_no_path_at_all():
    scores = make_scores("crf")
    scores.emissions[2, 1] = -torch.inf
    scores.emissions.requires_grad_()
    log_z = log_partition(scores, MASK)
    log_z[[0, 1, 3, 4]].sum().backward()
    assert log_z[2] == -math.inf
    assert log_z[[0, 1, 3, 4]].isfinite().all()
    assert not scores.emissions.grad[2].any()
    assert not posterior(scores, MASK).marginals[2].any()


def test_a_sequence_alone_and_in_a_batch_are_the_same(scores):
    together = posterior(scores, MASK)
    for i, length in enumerate(LENGTHS):
        alone = scores._replace(emissions=scores.emissions[i : i + 1, :length])
        chain = posterior(alone, MASK[i : i + 1, :length])
        close(chain.log_partition[0], together.log_partition[i])
        close(chain.marginals[0], together.marginals[i, :length])
        close(entropy(chain)[0], entropy(together)[i])


@pytest.mark.parametrize(
    ("spread", "n_tokens"), [(1.0, 1_000), (4.0, 1_000), (30.0, 1_000), (1.0, 100_000)]
)
def test_single_precision_of_a_long_text(spread, n_tokens):
    torch.manual_seed(0)  # of the transitions, too
    emissions = spread * torch.randn(1, n_tokens, K)
    crf, mask = CRF(nO=K), torch.ones(1, n_tokens, dtype=torch.bool)
    single = posterior(crf.scores(emissions), mask)
    double = posterior(crf.double().scores(emissions.double()), mask)
    torch.testing.assert_close(single.log_partition, double.log_partition, rtol=1e-7, atol=0)
    torch.testing.assert_close(single.marginals.double(), double.marginals, rtol=0, atol=1e-5)
    path = viterbi(crf.float().scores(emissions), mask)
    other = viterbi(crf.double().scores(emissions.double()), mask)
    assert (path != other).sum() <= n_tokens // 10_000  # paths that tie in single precision


def test_many_tags_are_decoded_as_few():
    """Steps that BILUO forbids are left out of large tables only."""
    n_tags = biluo.n_tags(40)
    crf = CRF(nO=n_tags)
    torch.nn.init.normal_(crf.transitions)
    emissions = torch.randn(3, 7, n_tags, generator=torch.Generator().manual_seed(0))
    mask = sequence_mask([7, 1, 4], torch.device("cpu"))
    with torch.no_grad():
        scores = crf.scores(emissions)
    assert n_tags >= best_steps.MANY_TAGS
    best = best_scores(scores)
    for t in range(1, 7):
        steps = best[t - 1][:, :, None] + scores.transitions
        torch.testing.assert_close(best[t], steps.amax(1) + emissions[:, t])
    assert torch.equal(viterbi(scores, mask), n_best(scores, mask, 3)[0][:, 0])


def test_scores_are_left_as_they_are():
    scores = make_scores("crf")
    alone = scores._replace(emissions=scores.emissions[:1])
    before = alone.emissions.clone()
    viterbi(alone, MASK[:1])
    n_best(alone, MASK[:1], 3)
    posterior(alone, MASK[:1])
    assert torch.equal(alone.emissions, before)
