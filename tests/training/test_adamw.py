"""The optimizer, beside torch's."""

import copy

import numpy as np
import pytest
import torch
from thinc.api import Maxout, registry, warmup_linear
from torch import nn

from spacy_ner_archs.thinc_layers.torch_shim import TorchShim
from spacy_ner_archs.torch_layers.linear import Linear
from spacy_ner_archs.training.adamw import create_adamw


@pytest.fixture
def shim():
    torch.manual_seed(0)
    shim = TorchShim(Linear, {"nI": 3})
    shim.build(nO=2)
    nn.init.normal_(shim.module.linear.bias)
    return shim


def backward(module, scale):
    X = torch.arange(6.0).view(2, 3)
    (module(X, [2]) * torch.tensor([1.0, -2.0]) * scale).sum().backward()


def torchs_steps(module, settings, rates, scales):
    """The same steps by torch's AdamW."""
    weights, biases = [module.linear.weight], [module.linear.bias]
    groups = [
        {"params": weights, "weight_decay": settings["weight_decay"]},
        {"params": biases, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=1.0)
    for rate, scale in zip(rates, scales, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate
        backward(module, scale)
        if settings["max_grad_norm"]:
            nn.utils.clip_grad_norm_(module.parameters(), settings["max_grad_norm"])
        optimizer.step()
        optimizer.zero_grad()


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("max_grad_norm", [0.0, 1.0])
def test_it_does_as_torchs_with_the_gradients_clipped(shim, weight_decay, max_grad_norm):
    settings = {"weight_decay": weight_decay, "max_grad_norm": max_grad_norm}
    peer = copy.deepcopy(shim.module)
    scales = [0.01, 3.0, 0.1, 1.0, -2.0]  # some below the norm, some above
    torchs_steps(peer, settings, [0.1] * 5, scales)
    optimizer = create_adamw(0.1, **settings)
    for scale in scales:
        backward(shim.module, scale)
        shim.finish_update(optimizer)
        optimizer.step_schedules()
    torch.testing.assert_close(shim.module.state_dict(), peer.state_dict())


def test_the_rate_follows_its_schedule(shim):
    peer = copy.deepcopy(shim.module)
    settings = {"weight_decay": 0.01, "max_grad_norm": 1.0}
    torchs_steps(peer, settings, [0.0, 0.05, 0.1, 0.05], [1.0] * 4)
    optimizer = create_adamw(warmup_linear(0.1, 2, 4), **settings)
    for _ in range(4):
        backward(shim.module, 1.0)
        shim.finish_update(optimizer)
        optimizer.step_schedules()
    torch.testing.assert_close(shim.module.state_dict(), peer.state_dict())


def test_without_a_training_loop_it_works_the_same(shim):
    peer = copy.deepcopy(shim.module)
    torchs_steps(peer, {"weight_decay": 0.01, "max_grad_norm": 1.0}, [0.1] * 2, [1.0, 2.0])
    optimizer = create_adamw(0.1)
    for scale in (1.0, 2.0):
        backward(shim.module, scale)
        shim.finish_update(optimizer)
    torch.testing.assert_close(shim.module.state_dict(), peer.state_dict())


def test_layers_of_thinc_are_trained_with_it():
    layer = Maxout(nO=2, nI=3, nP=2)
    layer.initialize()
    layer.set_param("b", np.ones((2, 2), dtype="f"))
    before = layer.get_param("W").copy()
    layer.set_grad("W", np.zeros_like(before))
    layer.set_grad("b", np.zeros((2, 2), dtype="f"))
    layer.finish_update(create_adamw(0.1, weight_decay=0.5))
    np.testing.assert_allclose(layer.get_param("W"), before * 0.95, rtol=1e-6)
    np.testing.assert_array_equal(layer.get_param("b"), np.ones((2, 2)))


def test_averages_are_kept(shim):
    optimizer = create_adamw(0.1, use_averages=True)
    for _ in range(3):
        backward(shim.module, 1.0)
        shim.finish_update(optimizer)
        optimizer.step_schedules()
    last = shim.module.linear.weight.detach().clone()
    with shim.use_params(optimizer.averages):
        assert not torch.equal(shim.module.linear.weight, last)


def test_it_is_registered():
    assert registry.optimizers.get("spacy-ner-archs.AdamW.v1") is create_adamw
