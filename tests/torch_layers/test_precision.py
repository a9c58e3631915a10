import contextlib

import pytest
import torch

from spacy_ner_archs.torch_layers import precision
from spacy_ner_archs.torch_layers.precision import check_dtype, computes_in_bfloat16, has_bfloat16

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def nothing_is_known():
    has_bfloat16.cache_clear()
    yield
    has_bfloat16.cache_clear()


def set_processor(monkeypatch, *, has, limit=None):
    """Of the instructions, AMX alone or none; and oneDNN's limit."""
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: has)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    if limit is None:
        monkeypatch.delenv(precision.LIMIT, raising=False)
    else:
        monkeypatch.setenv(precision.LIMIT, limit)


@pytest.mark.parametrize("dtype", ["float16", "", None])
def test_other_names_are_refused(dtype):
    with pytest.raises(ValueError, match=r"^dtype must be [^\n]+$"):
        check_dtype(dtype)


def test_without_the_instructions_auto_is_float32_and_bfloat16_an_error(monkeypatch):
    set_processor(monkeypatch, has=False)
    assert not computes_in_bfloat16("float32", CPU)
    assert not computes_in_bfloat16("auto", CPU)
    with pytest.raises(ValueError, match=r'^dtype = "bfloat16": this processor [^\n]+$'):
        computes_in_bfloat16("bfloat16", CPU)


def test_with_them_auto_is_bfloat16(monkeypatch):
    set_processor(monkeypatch, has=True)
    monkeypatch.setattr(precision, "_works", lambda device: True)
    used = {dtype: computes_in_bfloat16(dtype, CPU) for dtype in ("float32", "bfloat16", "auto")}
    assert used == {"float32": False, "bfloat16": True, "auto": True}


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("AVX2", False), ("avx512_core", False), ("AVX512_CORE_BF16", True), ("ALL", True)],
)
def test_onednn_is_told_to_leave_them_out(monkeypatch, limit, expected):
    set_processor(monkeypatch, has=True, limit=limit)
    monkeypatch.setattr(precision, "_works", lambda device: True)
    assert has_bfloat16(CPU) == expected


def test_it_is_tried_once(monkeypatch):
    set_processor(monkeypatch, has=True)
    tried = []
    monkeypatch.setattr(precision, "_works", lambda device: tried.append(device) or True)
    assert [has_bfloat16(CPU) for _ in range(3)] == [True] * 3
    assert tried == [CPU]


def test_what_torch_cant_compute_isnt_used(monkeypatch):
    set_processor(monkeypatch, has=True)

    def fail(*args):
        raise RuntimeError("could not create a primitive descriptor")

    monkeypatch.setattr(torch.nn.LSTM, "forward", fail)
    assert not has_bfloat16(CPU)


def test_a_gpu_that_emulates_it_has_not_got_it(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation: including_emulation
    )
    with pytest.raises(ValueError, match=r"this GPU "):
        computes_in_bfloat16("bfloat16", torch.device("cuda:0"))
