from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
import torch
from thinc.api import Model, torch2xp, xp2torch
from thinc.types import Floats1d, Floats2d
from torch import Tensor, nn

from spacy_ner_archs.decoders.lattice.partial import ExcludedSpan
from spacy_ner_archs.thinc_layers.conversion import to_lists, to_tensor
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask, unpad


class Annotation(NamedTuple):
    """What is known of the tags of a batch of N tokens.

    allowed: bool [N, K], the tags that are possible at each token. excluded: entities that are
    known to be wrong.
    """

    allowed: np.ndarray
    excluded: list[ExcludedSpan]


def TagDecoder(
    name: str, module_class: Callable[..., nn.Module]
) -> Model[tuple[list[Floats2d], Annotation], Floats1d]:
    """From the emissions of each sequence and its annotation to its loss; and, by `decode`, to
    its best tags.

    module_class: called as module_class(nO=number of tags); its forward gives the losses, its
    method decode the tags. See `tag_lattice.TagLattice`.
    """
    return Model(name, forward, init=init, dims={"nO": None}, shims=[TorchShim(module_class, {})])


def forward(
    model: Model, inputs: tuple[list[Floats2d], Annotation], is_train: bool
) -> tuple[Floats1d, Callable[[Floats1d], list[Floats2d]]]:
    emissions, annotation = inputs
    lengths = [len(sequence) for sequence in emissions]
    flat = to_tensor(model, emissions, requires_grad=is_train)
    shim = shim_of(model)

    def negative_log_likelihoods() -> Tensor:
        mask = sequence_mask(lengths, flat.device)
        allowed = _pad_allowed(annotation.allowed, mask)
        return shim.module(pad(flat, mask), mask, allowed, annotation.excluded)

    losses, backprop_torch = shim.compute(negative_log_likelihoods, is_train)

    def backprop(d_losses: Floats1d) -> list[Floats2d]:
        backprop_torch(xp2torch(d_losses, device=shim.device))
        return to_lists(model, flat.grad, lengths)

    return cast(Floats1d, torch2xp(losses)), backprop


def init(model: Model, X: None = None, Y: None = None) -> None:
    if model.has_dim("nO"):
        shim_of(model).build(nO=model.get_dim("nO"))


def decode(model: Model, emissions: list[Floats2d], allowed: np.ndarray | None) -> list[np.ndarray]:
    """The best tags of each sequence, an array of its length.

    emissions: of each sequence [length, K], none of them empty. allowed: bool [N, K], the tags
    that are possible at each token of the batch; None where all are.
    """
    lengths = [len(sequence) for sequence in emissions]
    flat = to_tensor(model, emissions)
    shim = shim_of(model)

    def best_tags() -> Tensor:
        mask = sequence_mask(lengths, flat.device)
        padded = None if allowed is None else _pad_allowed(allowed, mask)
        return unpad(shim.module.decode(pad(flat, mask), mask, padded), mask)

    tags, _ = shim.compute(best_tags, is_train=False)
    return np.split(tags.cpu().numpy(), np.cumsum(lengths)[:-1])


def _pad_allowed(allowed: np.ndarray, mask: Tensor) -> Tensor:
    """Bool [N, K] to [B, T, K], true on padding."""
    return pad(torch.from_numpy(allowed).to(mask.device), mask) | ~mask[..., None]
