"""Which layer of a transformer each of its parameters belongs to."""

from typing import Any

from torch import nn


def layer_numbers(encoder: Any) -> dict[str, int]:
    """The layer of each parameter: 0 for the embeddings and what else is below the first layer, 1
    to n for the layers, n for what is above the last.

    ALBERT's layers share their weights, and count as one.
    """
    stack, layers = _stack(encoder)
    numbers = {}
    current = 0
    for name, _ in encoder.named_parameters():
        if name.startswith(stack + "."):
            current = int(name[len(stack) + 1 :].split(".")[0]) + 1
        elif current:
            current = layers
        numbers[name] = current
    return numbers


def top_layer(encoder: Any) -> int:
    """The number n of layers."""
    return _stack(encoder)[1]


def _stack(encoder: Any) -> tuple[str, int]:
    """Name and length of the list of layers."""
    config = encoder.config
    layers = getattr(config, "num_hidden_groups", None) or config.num_hidden_layers
    for name, module in encoder.named_modules():
        if isinstance(module, nn.ModuleList) and len(module) == layers:
            return name, layers
    raise ValueError(f"no list of {layers} layers in {type(encoder).__name__}")
