import contextlib
import pickle

import numpy as np
import pytest
import torch
from thinc.api import Adam, xp2torch

from spacy_ner_archs.thinc_layers.torch_shim import TorchShim
from spacy_ner_archs.torch_layers.linear import Linear


@pytest.fixture
def shim():
    torch.manual_seed(0)
    shim = TorchShim(Linear, {"nI": 3})
    shim.build(nO=2)
    return shim


def step(shim, optimizer):
    X = torch.ones(2, 3, requires_grad=True)
    Y, backprop = shim((X, [2]), True)
    backprop(torch.ones_like(Y))
    shim.finish_update(optimizer)
    return X.grad


def test_without_weights_it_says_what_to_do():
    shim = TorchShim(Linear, {"nI": 3})
    assert not shim.is_built
    with pytest.raises(ValueError, match="initialize or load the model first"):
        shim.module  # noqa: B018
    empty = TorchShim(Linear, {}).from_bytes(shim.to_bytes())
    assert (empty.cfg, empty.is_built) == ({"nI": 3}, False)


def test_gradients_and_update(shim):
    weight = shim.module.linear.weight.detach().clone()
    pointer = shim.module.linear.weight.data_ptr()
    d_X = step(shim, Adam(0.1, grad_clip=0))
    torch.testing.assert_close(d_X, weight.sum(0).expand(2, 3))
    # Adam's first step is the rate, against the gradient's sign
    torch.testing.assert_close(shim.module.linear.weight.detach(), weight - 0.1, atol=1e-5, rtol=0)
    assert shim.module.linear.weight.data_ptr() == pointer
    assert shim.module.linear.weight.grad is None


def test_a_new_module_has_no_past(shim):
    step(shim, Adam(0.1))
    assert shim.is_trained
    old = shim.id
    shim.build(nO=4)
    assert shim.id != old
    assert not shim.is_trained
    assert TorchShim(Linear, {}).from_bytes(shim.to_bytes()).is_trained


def test_prediction_makes_no_graph(shim):
    Y, _ = shim((torch.ones(2, 3), [2]), False)
    assert not Y.requires_grad


def test_bytes_hold_the_arguments_and_safetensors(shim):
    data = shim.to_bytes()
    other = TorchShim(Linear, {}).from_bytes(data)
    assert other.cfg == {"nI": 3, "nO": 2}
    assert torch.equal(other.module.linear.weight, shim.module.linear.weight)
    assert b"linear.weight" in data
    assert b"PK" not in data[:200]  # no zipped pickle
    assert other.to_bytes() == data


def test_copies_have_ids_and_weights_of_their_own(shim):
    twins = [shim.copy(), pickle.loads(pickle.dumps(shim))]
    assert len({shim.id, *(twin.id for twin in twins)}) == 3
    step(shim, Adam(0.1))
    for twin in twins:
        assert not torch.equal(twin.module.linear.weight, shim.module.linear.weight)


def test_averages_are_used_and_put_back_after_an_exception(shim):
    optimizer = Adam(0.1, use_averages=True)
    for _ in range(3):
        step(shim, optimizer)
    own = shim.module.linear.weight.detach().clone()
    average = xp2torch(optimizer.averages[shim.id, "linear.weight"])
    with contextlib.suppress(KeyError), shim.use_params(optimizer.averages):
        used = shim.module.linear.weight.detach()
        raise KeyError
    assert torch.equal(used, average)
    assert torch.equal(shim.module.linear.weight, own)
    assert not torch.equal(own, average)


def test_a_larger_module_takes_over_and_its_optimizer_state_begins_anew(shim):
    optimizer = Adam(0.1)
    step(shim, optimizer)
    weight, before = shim.module.linear.weight.detach().clone(), shim.id
    shim.extend(nO=5)
    assert torch.equal(shim.module.linear.weight[:2], weight)
    assert shim.id != before
    step(shim, optimizer)
    assert np.isfinite(shim.module.linear.weight.detach().numpy()).all()
