"""What the layers compute in: float32, or bfloat16 where that is fast.

Weights, the optimizer's state and what layers give each other are float32. bfloat16 is the inputs
and weights of matrix products, convolutions and LSTMs, and what lies between them as far as
`torch.autocast` leaves it so.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Literal, get_args

import torch
from torch import Tensor

#: "auto" is bfloat16 where it is fast, and else float32.
Dtype = Literal["float32", "bfloat16", "auto"]

#: oneDNN's setting that has it leave out instructions, and those values that leave out bfloat16's.
#: It would compute in bfloat16 all the same, more slowly than in float32.
LIMIT = "ONEDNN_MAX_CPU_ISA"
TOO_LOW = {"SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2", "AVX512_CORE", "AVX512_CORE_VNNI"}


def check_dtype(dtype: str) -> None:
    """Raise ValueError, in one line, for what is no such setting."""
    if dtype not in get_args(Dtype):
        raise ValueError(f'dtype must be "float32", "bfloat16" or "auto", not "{dtype}"')


def computes_in_bfloat16(dtype: Dtype, device: torch.device) -> bool:
    """Whether that is what a setting means on a device. Raises ValueError, in one line, where
    bfloat16 is asked for and isn't fast."""
    if dtype == "float32":
        return False
    if dtype == "bfloat16" and not has_bfloat16(device):
        raise ValueError(
            f'dtype = "bfloat16": this {"GPU" if device.type == "cuda" else "processor"} is not '
            "made for it (a processor needs AMX or AVX512-BF16, a GPU compute capability 8); set "
            'dtype = "float32", or "auto"'
        )
    return has_bfloat16(device)


@cache
def has_bfloat16(device: torch.device) -> bool:
    """Whether a device computes faster in bfloat16 than in float32. It is found out once a
    process."""
    if device.type == "cuda":
        with torch.cuda.device(device):
            return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and _has_instructions() and _works(device)


def _has_instructions() -> bool:
    """A processor without them emulates bfloat16, up to 100 times slower than float32."""
    has = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return has and os.environ.get(LIMIT, "").upper() not in TOO_LOW


def _works(device: torch.device) -> bool:
    """An LSTM is what torch raises RuntimeError for, where oneDNN has nothing for it."""
    lstm = torch.nn.LSTM(32, 32, device=device, dtype=torch.bfloat16)
    inputs = torch.zeros(1, 1, 32, device=device, dtype=torch.bfloat16)
    try:
        with torch.enable_grad():
            lstm(inputs)[0].sum().backward()
    except RuntimeError:
        return False
    return True


def bfloat16_in(device: torch.device, *, wanted: bool) -> AbstractContextManager[object]:
    """A context of this thread whose layers compute in bfloat16."""
    return torch.autocast(device.type, torch.bfloat16) if wanted else nullcontext()


def has_bfloat16_lstm(device: torch.device) -> bool:
    """Whether LSTMs are among what is computed in bfloat16. On a GPU they aren't: cuDNN has them
    since 9.13 only, and torch without it computes them cell by cell."""
    return device.type == "cpu"


def cast_for_lstm(*tensors: Tensor) -> tuple[Tensor, ...]:
    """Cast what goes into an LSTM as `torch.autocast` casts what goes into other layers."""
    device = tensors[0].device
    if not has_bfloat16_lstm(device) or not torch.is_autocast_enabled(device.type):
        return tensors
    return tuple(tensor.to(torch.get_autocast_dtype(device.type)) for tensor in tensors)
