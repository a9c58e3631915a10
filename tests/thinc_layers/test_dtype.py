"""What a shim computes in, and its weights in bfloat16."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import torch
from thinc.api import Adam, Model

from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, set_dtype
from spacy_ner_archs.torch_layers import cast_copy
from spacy_ner_archs.torch_layers.bilstm import BiLSTM

X = torch.linspace(-1, 1, 15).reshape(5, 3)
LENGTHS = [3, 2]

pytestmark = pytest.mark.usefixtures("bfloat16")


@pytest.fixture
def shim():
    torch.manual_seed(0)
    shim = TorchShim(BiLSTM, {"nI": 3, "depth": 1}, dtype="bfloat16")
    shim.build(nO=4)
    return shim


def predict(shim):
    return shim((X, LENGTHS), False)[0]


def predict_anew(shim):
    """The same with a shim that has computed nothing yet."""
    other = TorchShim(BiLSTM, {}, dtype="bfloat16").from_bytes(shim.to_bytes())
    other._model.load_state_dict(dict(shim.module.named_parameters()))  # averages, too
    return predict(other)


def step(shim, optimizer):
    inputs = X.clone().requires_grad_()
    Y, backprop = shim((inputs, LENGTHS), True)
    backprop(torch.ones_like(Y))
    shim.finish_update(optimizer)
    return Y, inputs.grad


def test_outputs_are_rounded_and_float32(shim):
    rounded = predict(shim)
    shim.dtype = "float32"
    exact = predict(shim)
    assert rounded.dtype == exact.dtype == torch.float32
    assert not torch.equal(rounded, exact)
    torch.testing.assert_close(rounded, exact, atol=0.02, rtol=0)


def test_training_predicts_the_same_and_all_that_stays_is_float32(shim):
    optimizer = Adam(0.1, use_averages=True)
    before = predict(shim)
    Y, d_X = step(shim, optimizer)
    torch.testing.assert_close(Y.detach(), before, atol=1e-6, rtol=0)
    kept = [Y, d_X, *shim.module.parameters()]
    assert {tensor.dtype for tensor in kept} == {torch.float32}
    state = [*optimizer.mom1.values(), *optimizer.mom2.values(), *optimizer.averages.values()]
    assert len(state) == 3 * len(list(shim.module.parameters()))
    assert {array.dtype.name for array in state} == {"float32"}


def test_gradients_are_near(shim):
    rounded = step(shim.copy(), Adam(0.0))[1]
    shim.dtype = "float32"
    exact = step(shim, Adam(0.0))[1]
    assert not torch.equal(rounded, exact)
    torch.testing.assert_close(rounded, exact, atol=0.02, rtol=0)


def test_new_weights_are_cast_anew(shim):
    optimizer = Adam(0.1, use_averages=True)
    before = predict(shim)
    step(shim, optimizer)
    after = predict(shim)
    assert not torch.equal(after, before)
    assert torch.equal(after, predict_anew(shim))
    step(shim, optimizer)
    own = predict(shim)
    with shim.use_params(optimizer.averages):
        of_averages = predict(shim)
        assert torch.equal(of_averages, predict_anew(shim))
    assert not torch.equal(of_averages, own)
    assert torch.equal(predict(shim), own)
    shim.from_bytes(shim.copy().to_bytes())
    assert torch.equal(predict(shim), own)
    shim.build(nO=4)
    assert not torch.equal(predict(shim), own)


def test_copies_and_pickles_predict_the_same(shim):
    before = predict(shim)
    for twin in (shim.copy(), pickle.loads(pickle.dumps(shim))):
        assert twin.dtype == "bfloat16"
        assert torch.equal(predict(twin), before)
        step(twin, Adam(0.1))
    assert torch.equal(predict(shim), before)


def test_the_setting_isnt_stored(shim):
    data = shim.to_bytes()
    shim.dtype = "float32"
    assert shim.to_bytes() == data


def test_threads_share_one_copy(shim, monkeypatch):
    made, ready = [], Barrier(4)
    make = cast_copy.cast_copy
    monkeypatch.setattr(cast_copy, "cast_copy", lambda module: made.append(module) or make(module))

    def predict_at_once(_):
        ready.wait()
        return predict(shim)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(predict_at_once, range(4)))
    assert len(made) == 1
    assert all(torch.equal(Y, found[0]) for Y in found)


def test_directions_in_two_threads_are_rounded_too(shim, two_threads):
    shim_of_all = TorchShim(BiLSTM, {"nI": 3, "depth": 1}, all_threads=True, dtype="bfloat16")
    shim_of_all.from_bytes(shim.to_bytes())
    assert torch.equal(predict(shim), predict(shim_of_all))


def test_small_tensors_are_shared(shim):
    copy = cast_copy.cast_copy(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.LayerNorm(2)))
    assert [p.dtype for p in copy.parameters()] == [torch.bfloat16] * 2 + [torch.float32] * 2
    module = torch.nn.LayerNorm(2)
    assert cast_copy.cast_copy(module).weight is module.weight


def test_an_lstm_that_isnt_on_a_processor_stays_float32():
    copy = cast_copy.cast_copy(torch.nn.LSTM(2, 2, device="meta"))
    assert {weights.dtype for weights in copy.parameters()} == {torch.float32}


def test_a_dtype_of_its_own_stays(shim):
    follower = TorchShim(BiLSTM, {})
    set_dtype(Model("both", lambda *_: None, shims=[shim, follower]), "auto")
    assert (shim.dtype, follower.dtype) == ("bfloat16", "auto")
