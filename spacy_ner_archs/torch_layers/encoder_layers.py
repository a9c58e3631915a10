"""Which layer of a transformer each of its parameters belongs to."""

from typing import Any

from torch import nn


def layer_numbers(encoder: Any) -> dict[str, int]:
    """The layer of each parameter: 0 for the embeddings and what else is below the first layer, 1
    to n for the layers, n for what is above the last.

    ALBERT's layers share their weights, and count as one.
    """
    stacks, layers = _stacks(encoder)
    numbers = {}
    current = 0
    for name, _ in encoder.named_parameters():
        stack = next((stack for stack in stacks if name.startswith(stack)), None)
        if stack is not None:
            current = int(name[len(stack) :].split(".")[0]) + 1
        elif current:
            current = layers
        numbers[name] = current
    return numbers


def top_layer(encoder: Any) -> int:
    """The number n of layers."""
    return _stacks(encoder)[1]


def _stacks(encoder: Any) -> tuple[list[str], int]:
    """How the names of the layers' parameters begin, and the number of layers. XLM has lists side
    by side, each with a part of all layers."""
    config = encoder.config
    layers = getattr(config, "num_hidden_groups", None) or config.num_hidden_layers
    names = [
        name
        for name, module in encoder.named_modules()
        if isinstance(module, nn.ModuleList) and len(module) == layers
    ]
    if not names:
        raise ValueError(f"no list of {layers} layers in {type(encoder).__name__}")
    parent = names[0].rpartition(".")[0]
    return [f"{name}." for name in names if name.rpartition(".")[0] == parent], layers
