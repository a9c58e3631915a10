"""Between tensors and arrays, which share their memory."""

from typing import Any, cast

import torch
from thinc.api import torch2xp, xp2torch
from torch import Tensor


def as_array(tensor: Tensor) -> Any:
    """NumPy's of a tensor of the processor, CuPy's of one of a GPU."""
    tensor = tensor.detach()
    return tensor.numpy() if tensor.device.type == "cpu" else torch2xp(tensor)


def as_tensor(array: Any, like: Tensor) -> Tensor:
    """On the device of another tensor, which the array was made from."""
    if like.device.type == "cpu":
        return torch.from_numpy(array)
    return cast(Tensor, xp2torch(array, device=like.device))
