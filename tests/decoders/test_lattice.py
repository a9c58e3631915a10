"""CRF and softmax against brute force over all tag paths, and against pytorch-crf."""

import itertools
import math

import pytest
import torch
import torchcrf
from torch.utils._python_dispatch import TorchDispatchMode

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition
from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan, log_partition_without
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.decoders.lattice.softmax import Softmax
from spacy_ner_archs.decoders.lattice.viterbi import viterbi
from spacy_ner_archs.torch_layers.padding import sequence_mask

N_LABELS = 2
K = biluo.n_tags(N_LABELS)
LENGTHS = [4, 1, 3]


def valid_paths(length):
    """All tag paths that BILUO allows, by its definition and not by transition tables."""
    paths = []
    for path in itertools.product(range(K), repeat=length):
        open_label = None
        for tag in path:
            label, position = divmod(tag - 1, 4)
            opens_here = tag == 0 or position in (biluo.BEGIN, biluo.UNIT)
            if opens_here != (open_label is None) or (not opens_here and label != open_label):
                break
            is_open = tag != 0 and position in (biluo.BEGIN, biluo.INSIDE)
            open_label = label if is_open else None
        else:
            if open_label is None:
                paths.append(path)
    return paths


def path_score(crf, emissions, path):
    score = crf.start_transitions[path[0]] + crf.end_transitions[path[-1]]
    score = score + sum(crf.transitions[a, b] for a, b in itertools.pairwise(path))
    return score + sum(emissions[t, tag] for t, tag in enumerate(path))


def holds(path, span):
    tags = biluo.span_tags(span.start, span.end, span.label)
    return list(path[span.start : span.end]) == tags


@pytest.fixture
def crf():
    torch.manual_seed(0)
    crf = CRF(nO=K).double()
    for parameter in crf.parameters():
        torch.nn.init.normal_(parameter, std=2.0)
    return crf


@pytest.fixture
def emissions():
    torch.manual_seed(1)
    return torch.randn(len(LENGTHS), max(LENGTHS), K, dtype=torch.float64) * 3


@pytest.fixture
def mask():
    return sequence_mask(LENGTHS, torch.device("cpu"))


def random_annotation(seed):
    """Some tokens missing, some with several tags, none of it contradictory."""
    generator = torch.Generator().manual_seed(seed)
    allowed = torch.ones(len(LENGTHS), max(LENGTHS), K, dtype=torch.bool)
    for i, length in enumerate(LENGTHS):
        paths = valid_paths(length)
        path = paths[int(torch.randint(len(paths), (), generator=generator))]
        for t, tag in enumerate(path):
            allowed[i, t] = torch.rand(K, generator=generator) < [0.0, 0.5, 1.0][(t + seed) % 3]
            allowed[i, t, tag] = True
    return allowed


EXCLUDED = [
    ExcludedSpan(0, 0, 3, 0),
    ExcludedSpan(0, 1, 3, 0),  # ends where the one before ends
    ExcludedSpan(0, 1, 4, 1),  # overlaps both
    ExcludedSpan(0, 2, 3, 1),
    ExcludedSpan(2, 0, 2, 1),
]


def test_there_are_valid_paths_of_every_kind():
    assert len(valid_paths(1)) == 1 + N_LABELS
    assert (0, 0) in valid_paths(2)
    assert (1, 3) in valid_paths(2)  # B L
    assert (1, 7) not in valid_paths(2)  # B of one label, L of another


def test_tables_are_the_definition_of_biluo():
    starts, ends = biluo.valid_starts(K), biluo.valid_ends(K)
    transitions = biluo.valid_transitions(K)
    by_tables = [
        path
        for path in itertools.product(range(K), repeat=3)
        if starts[path[0]] and ends[path[-1]]
        if all(transitions[a, b] for a, b in itertools.pairwise(path))
    ]
    assert by_tables == valid_paths(3)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("excluded", [[], EXCLUDED], ids=["", "excluded"])
def test_crf_loss_is_brute_force(crf, emissions, mask, seed, excluded):
    allowed = random_annotation(seed)
    # single tokens of the annotation may hold an excluded entity: only paths without it count
    expected = []
    for i, length in enumerate(LENGTHS):
        paths = valid_paths(length)
        scores = torch.stack([path_score(crf, emissions[i], path) for path in paths])
        fits = [
            all(allowed[i, t, tag] for t, tag in enumerate(path))
            and not any(span.sequence == i and holds(path, span) for span in excluded)
            for path in paths
        ]
        expected.append(scores.logsumexp(0) - scores[torch.tensor(fits)].logsumexp(0))
    expected = torch.stack(expected)
    keep = expected.isfinite()  # an annotation can leave nothing but an excluded entity
    assert keep.sum() >= 2
    losses = crf(emissions, mask, allowed, excluded)
    torch.testing.assert_close(losses[keep], expected[keep], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("excluded", [[], EXCLUDED], ids=["", "excluded"])
def test_crf_gradients_are_right_and_finite(crf, emissions, mask, excluded):
    emissions.requires_grad_()
    allowed = torch.ones(len(LENGTHS), max(LENGTHS), K, dtype=torch.bool)
    allowed[0, 0] = False
    allowed[0, 0, [0, 1]] = True
    assert torch.autograd.gradcheck(
        lambda emissions, *_: crf(emissions, mask, allowed, excluded).sum(),
        (emissions, *crf.parameters()),
    )


def test_crf_stays_finite_where_the_model_is_sure_of_an_excluded_entity(crf, mask):
    emissions = torch.full((len(LENGTHS), max(LENGTHS), K), -40.0)
    for t, tag in enumerate(biluo.span_tags(0, 3, 0)):
        emissions[0, t, tag] = 40.0
    emissions.requires_grad_()
    allowed = torch.ones(emissions.shape, dtype=torch.bool)
    loss = crf.float()(emissions, mask, allowed, [ExcludedSpan(0, 0, 3, 0)]).sum()
    loss.backward()
    assert loss > 50
    assert emissions.grad.isfinite().all()
    # the best path that is left is a token longer: only the last tag was wrong
    assert emissions.grad[0, 2, biluo.tag(0, biluo.LAST)] > 0.9
    assert emissions.grad[0, 2, biluo.tag(0, biluo.INSIDE)] < -0.9


def test_crf_likelihood_is_pytorch_crfs(crf, emissions, mask):
    """Where pytorch-crf's transitions forbid what BILUO forbids, both are the same."""
    peer = torchcrf.CRF(K, batch_first=True).double()
    peer.load_state_dict(crf.state_dict())
    with torch.no_grad():
        peer.transitions[~biluo.valid_transitions(K)] = -1e4
        peer.start_transitions[~biluo.valid_starts(K)] = -1e4
        peer.end_transitions[~biluo.valid_ends(K)] = -1e4
    tags = torch.zeros(mask.shape, dtype=torch.long)
    for i, length in enumerate(LENGTHS):
        tags[i, :length] = torch.tensor(valid_paths(length)[-2])
    allowed = torch.nn.functional.one_hot(tags, K).bool()
    losses = crf(emissions, mask, allowed, [])
    expected = -peer(emissions, tags, mask=mask, reduction="none")
    torch.testing.assert_close(losses, expected, rtol=1e-9, atol=1e-9)
    best = crf.decode(emissions, mask, None)
    for i, expected_tags in enumerate(peer.decode(emissions, mask=mask)):
        assert best[i, : LENGTHS[i]].tolist() == expected_tags


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_decoding_finds_the_best_allowed_path(crf, emissions, mask, seed, decoder):
    if decoder == "softmax":
        decoder = Softmax(nO=K)
        crf = CRF(nO=K).double()  # a path's probability is its emissions': no transitions
        for parameter in crf.parameters():
            torch.nn.init.zeros_(parameter)
    else:
        decoder = crf
    allowed = random_annotation(seed)
    best = decoder.decode(emissions, mask, allowed)
    for i, length in enumerate(LENGTHS):
        paths = [
            path
            for path in valid_paths(length)
            if all(allowed[i, t, tag] for t, tag in enumerate(path))
        ]
        scores = torch.stack([path_score(crf, emissions[i], path) for path in paths])
        assert tuple(best[i, :length].tolist()) == paths[scores.argmax()]


@pytest.mark.parametrize("seed", range(4))
def test_softmax_loss_is_brute_force(emissions, mask, seed):
    allowed = random_annotation(seed)
    losses = Softmax(nO=K)(emissions, mask, allowed, [])
    probs = emissions.softmax(-1)
    for i, length in enumerate(LENGTHS):
        tokens = [probs[i, t][allowed[i, t]].sum().log() for t in range(length)]
        torch.testing.assert_close(losses[i], -torch.stack(tokens).sum())


def test_softmax_loss_of_an_excluded_entity(emissions, mask):
    allowed = torch.ones(emissions.shape, dtype=torch.bool)
    span = ExcludedSpan(0, 1, 4, 1)
    losses = Softmax(nO=K)(emissions, mask, allowed, [span])
    probs = emissions[0].softmax(-1)
    held = probs[1, 5] * probs[2, 6] * probs[3, 7]
    torch.testing.assert_close(losses[0], -torch.log(1 - held))
    torch.testing.assert_close(losses[1:], torch.zeros(2, dtype=torch.float64), atol=1e-9, rtol=0)


@pytest.mark.parametrize("gap", [0.0, 20.0, 200.0])
def test_softmax_unlearns_an_excluded_entity_that_it_is_sure_of(gap):
    tag = biluo.tag(0, biluo.UNIT)
    emissions = torch.zeros(1, 1, biluo.n_tags(1))
    emissions[0, 0, tag] = gap
    emissions.requires_grad_()
    softmax = Softmax(nO=emissions.shape[-1])
    allowed = torch.ones_like(emissions, dtype=torch.bool)
    excluded = [ExcludedSpan(0, 0, 1, 0)]
    loss = softmax(emissions, torch.ones(1, 1, dtype=torch.bool), allowed, excluded)
    loss.sum().backward()
    n_others = emissions.shape[-1] - 1
    assert loss.item() == pytest.approx(math.log(math.exp(gap) + n_others) - math.log(n_others))
    probability = 1 / (1 + n_others * math.exp(-gap))
    assert emissions.grad[0, 0, tag].item() == pytest.approx(probability, abs=1e-5)


def test_log_partition_and_viterbi_of_one_path():
    scores = Scores(torch.tensor([[[1.0], [2.0]]]), torch.ones(1, 1), torch.ones(1), torch.ones(1))
    mask = torch.ones(1, 2, dtype=torch.bool)
    torch.testing.assert_close(log_partition(scores, mask).float(), torch.tensor([6.0]))
    assert viterbi(scores, mask).tolist() == [[0, 0]]


def test_gradients_of_the_log_partition_are_those_of_a_graph_over_the_steps(crf, emissions, mask):
    crf.requires_grad_()
    weights = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    gradients = []
    for partition in (log_partition, lambda *arguments: log_partition_without(*arguments, [])):
        leaf = emissions.detach().clone().requires_grad_()
        log_z = partition(crf.scores(leaf), mask)
        log_z.mul(weights).sum().backward()
        gradients.append([log_z.detach(), leaf.grad, *(p.grad for p in crf.parameters())])
        crf.zero_grad()
    for ours, of_graph in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, of_graph, rtol=1e-10, atol=1e-12)


class LargestTensor(TorchDispatchMode):
    """Remembers the largest number of values that an operation gave."""

    n_values = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        output = func(*args, **(kwargs or {}))
        for tensor in output if isinstance(output, tuple | list) else [output]:
            if isinstance(tensor, torch.Tensor):
                self.n_values = max(self.n_values, tensor.numel())
        return output


def test_memory_of_decoding_is_bounded_whatever_the_number_of_tags():
    n_sequences, n_tags = 256, biluo.n_tags(50)
    crf = CRF(nO=n_tags)
    emissions = torch.randn(n_sequences, 2, n_tags)
    mask = torch.ones(n_sequences, 2, dtype=torch.bool)
    with LargestTensor() as largest:
        together = crf.decode(emissions, mask, None)
    assert largest.n_values <= 2**22
    alone = [crf.decode(emissions[i : i + 1], mask[:1], None) for i in range(0, 256, 32)]
    assert torch.equal(together[::32], torch.cat(alone))
