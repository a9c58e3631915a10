"""What is learned beside an annotation, against brute force over all valid paths: the expected
share of tokens in entities, and an old model's distribution."""

import pytest
import torch
from tag_paths import AllPaths

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.entity_ratio import EntityRatio, expected_entity_tokens
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition
from spacy_ner_archs.decoders.lattice.more_labels import with_more_labels
from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan, annotated_log_partition
from spacy_ner_archs.decoders.lattice.relative_entropy import relative_entropy
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.decoders.lattice.softmax import Softmax
from spacy_ner_archs.torch_layers.padding import sequence_mask

K = biluo.n_tags(2)
LENGTHS = [4, 1, 3]
MASK = sequence_mask(LENGTHS, torch.device("cpu"))


def make_scores(module_class=CRF, n_tags=K, seed=0, spread=2.0):
    generator = torch.Generator().manual_seed(seed)
    module = module_class(nO=n_tags).double()
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=2.0, generator=generator)
    emissions = torch.randn(*MASK.shape, n_tags, dtype=torch.double, generator=generator)
    return Scores(*(part.detach() for part in module.scores(spread * emissions)))


def brute_force(scores):
    return [AllPaths(scores, i, length) for i, length in enumerate(LENGTHS)]


def close(actual, expected):
    torch.testing.assert_close(actual, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("module_class", [CRF, Softmax])
@pytest.mark.parametrize("spread", [0.1, 2.0, 50.0])
def test_expected_number_of_tokens_in_entities(module_class, spread):
    scores = make_scores(module_class, spread=spread)
    expected = [
        (paths.probabilities * (paths.tags != biluo.OUTSIDE).sum(1)).sum()
        for paths in brute_force(scores)
    ]
    close(expected_entity_tokens(scores, MASK), torch.stack(expected))


def test_gradients_of_the_expected_number():
    emissions, transitions, starts, ends = make_scores()
    free = transitions.isfinite()

    def expected(emissions, values):
        table = transitions.masked_scatter(free, values)
        return expected_entity_tokens(Scores(emissions, table, starts, ends), MASK)

    inputs = emissions.requires_grad_(), transitions[free].clone().requires_grad_()
    assert torch.autograd.gradcheck(expected, inputs)


def test_a_model_that_is_sure_of_no_entity_still_has_a_gradient():
    scores = make_scores()
    emissions = torch.where(torch.arange(K) == biluo.OUTSIDE, 60.0, -60.0)
    emissions = emissions.expand_as(scores.emissions).clone().requires_grad_()
    loss = EntityRatio(0.2, 0.0, 1e40).loss(scores._replace(emissions=emissions), MASK)
    loss.backward()
    assert emissions.grad.isfinite().all()
    assert emissions.grad[0, 0, biluo.OUTSIDE] > 0


@pytest.mark.parametrize(
    ("ratio", "margin", "beyond"),
    [(0.0, 0.0, 1.0), (1.0, 0.0, -1.0), (0.0, 0.1, 1.0), (1.0, 0.1, -1.0), (0.5, 0.5, 0.0)],
)
def test_entity_ratio_loss(ratio, margin, beyond):
    scores = make_scores()
    share = expected_entity_tokens(scores, MASK).sum() / sum(LENGTHS)
    assert 0.1 < share < 0.9
    expected = 3.0 * beyond * (share - ratio - beyond * margin)
    close(EntityRatio(ratio, margin, 3.0).loss(scores, MASK), expected)


def random_allowed(seed):
    allowed = torch.rand(*MASK.shape, K, generator=torch.Generator().manual_seed(seed)) < 0.7
    allowed[..., biluo.OUTSIDE] = True
    return allowed


def distance(target, scores, allowed, excluded=()):
    leaves = Scores(*(part.clone().requires_grad_() for part in target))
    annotated = annotated_log_partition(leaves, MASK, allowed, list(excluded))
    return relative_entropy(leaves, annotated, scores, log_partition(scores, MASK))


@pytest.mark.parametrize("excluded", [[], [ExcludedSpan(0, 0, 2, 1), ExcludedSpan(2, 1, 2, 0)]])
@pytest.mark.parametrize("seed", range(3))
def test_relative_entropy(seed, excluded):
    target, scores, allowed = make_scores(seed=1), make_scores(seed=2), random_allowed(seed)
    expected = torch.zeros((), dtype=torch.double)
    for i, (of_target, of_scores) in enumerate(
        zip(brute_force(target.constrained(allowed)), brute_force(scores), strict=True)
    ):
        fits = [not any(_holds(path, i, span) for span in excluded) for path in of_target.tags]
        q = torch.where(torch.tensor(fits), of_target.probabilities, 0.0)
        q = q / q.sum()
        expected = expected + (torch.xlogy(q, q) - torch.xlogy(q, of_scores.probabilities)).sum()
    close(distance(target, scores, allowed, excluded), expected)


def _holds(path, sequence, span):
    tags = biluo.span_tags(span.start, span.end, span.label)
    return span.sequence == sequence and path[span.start : span.end].tolist() == tags


def test_relative_entropy_to_itself_is_nothing_and_pulls_nowhere():
    scores = make_scores()
    emissions = scores.emissions.clone().requires_grad_()
    everything = torch.ones_like(emissions, dtype=torch.bool)
    found = distance(scores, scores._replace(emissions=emissions), everything)
    found.backward()
    close(found, torch.zeros_like(found))
    close(emissions.grad, torch.zeros_like(emissions))


def test_gradients_of_the_relative_entropy():
    target, scores, allowed = make_scores(seed=1), make_scores(seed=2), random_allowed(0)
    free = scores.transitions.isfinite()

    def found(emissions, values):
        table = scores.transitions.masked_scatter(free, values)
        changed = scores._replace(emissions=emissions, transitions=table)
        return distance(target, changed, allowed)

    inputs = scores.emissions.requires_grad_(), scores.transitions[free].clone().requires_grad_()
    assert torch.autograd.gradcheck(found, inputs)


def test_a_new_label_is_only_where_it_is_annotated():
    """The others' probabilities are those of an old model that is told to find no entity there."""
    old = make_scores(n_tags=biluo.n_tags(1))
    allowed = torch.ones(*MASK.shape, K, dtype=torch.bool)
    new = torch.tensor(biluo.span_tags(1, 3, 1))
    allowed[0, [1, 2]] = False
    allowed[0, [1, 2], new] = True
    told = torch.ones_like(old.emissions, dtype=torch.bool)
    told[0, [1, 2], 1:] = False
    expected = {path: p for path, p in _distribution(old.constrained(told))[0].items() if p}
    extended = with_more_labels(old, K, allowed).constrained(allowed)
    found = {path: p for path, p in _distribution(extended)[0].items() if p}
    assert found.keys() != expected.keys()
    assert len(found) == len(expected) == 4
    for path, p in found.items():
        assert path[1:3] == tuple(new.tolist())
        close(p, expected[path[0], 0, 0, path[3]])


def _distribution(scores):
    return [
        dict(zip(map(tuple, paths.tags.tolist()), paths.probabilities, strict=True))
        for paths in brute_force(scores)
    ]
