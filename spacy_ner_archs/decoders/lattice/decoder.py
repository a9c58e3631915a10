from collections.abc import Callable

import numpy as np
import torch
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Model
from thinc.types import Floats2d
from torch import Tensor

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import Decoder, Result
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.annotation import Annotation, annotation_of
from spacy_ner_archs.decoders.lattice.constraints import allowed_tags
from spacy_ner_archs.decoders.lattice.distribution import LatticeDistribution
from spacy_ner_archs.thinc_layers.conversion import to_lists, to_tensor
from spacy_ner_archs.thinc_layers.torch_shim import shim_of
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask


class LatticeDecoder(Decoder[Annotation, np.ndarray | None]):
    """Reads a network's scores as emissions of BILUO tags, and an annotation as the one path of
    tags that spells it. Constraints are the tags that each token may get: bool [N, K], or None
    where all may get all.

    layer: the `LatticeLayer` with the weights of the transitions.
    """

    def __init__(self, layer: Model):
        self._layer = layer

    def n_outputs(self, n_labels: int) -> int:
        return biluo.n_tags(n_labels)

    @property
    def has_weights(self) -> bool:
        return shim_of(self._layer).is_built

    def run(self, function: Callable[[], Result]) -> Result:
        return shim_of(self._layer).run(function)

    def target(
        self,
        examples: list[Example],
        labels: tuple[str, ...],
        incorrect_spans_key: str | None,
        component: str,
    ) -> Annotation:
        return annotation_of(examples, labels, incorrect_spans_key, component)

    def loss(
        self, scores: list[Floats2d], target: Annotation, *, is_train: bool
    ) -> tuple[float, list[Floats2d]]:
        emissions = to_tensor(self._layer, scores, requires_grad=True)
        lengths = [len(of_doc) for of_doc in scores]
        module = shim_of(self._layer).module
        trained = module.parameters() if is_train else ()

        def compute() -> float:
            with torch.enable_grad():
                mask = sequence_mask([n for n in lengths if n], emissions.device)
                allowed = _pad_allowed(target.allowed, mask)
                loss = module(pad(emissions, mask), mask, allowed, target.excluded).mean()
                loss.backward(inputs=[emissions, *trained])
            return float(loss.detach())

        return self.run(compute), to_lists(self._layer, emissions.grad, lengths)

    def constraints(
        self, docs: list[Doc], labels: tuple[str, ...], is_free: np.ndarray | None
    ) -> np.ndarray | None:
        return allowed_tags(docs, labels, is_free)

    def distribution(
        self,
        scores: list[Floats2d],
        constraints: np.ndarray | None,
        labels: tuple[str, ...],
        calibration: Calibration,
    ) -> LatticeDistribution:
        flat = to_tensor(self._layer, scores)
        mask = sequence_mask([len(of_doc) for of_doc in scores], flat.device)
        allowed = None if constraints is None else _pad_allowed(constraints, mask)
        with torch.no_grad():
            potentials = shim_of(self._layer).module.scores(pad(flat, mask))
        potentials = potentials.constrained(allowed).at_temperature(calibration.temperature)
        return LatticeDistribution(potentials, mask, labels, calibration)


def _pad_allowed(allowed: np.ndarray, mask: Tensor) -> Tensor:
    """Bool [N, K] to [B, T, K], true on padding."""
    return pad(torch.from_numpy(allowed).to(mask.device), mask) | ~mask[..., None]
