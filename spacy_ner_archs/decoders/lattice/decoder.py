from collections.abc import Callable
from typing import Any

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
from spacy_ner_archs.decoders.lattice.entity_ratio import EntityRatio
from spacy_ner_archs.decoders.lattice.forward_backward import log_partition
from spacy_ner_archs.decoders.lattice.more_labels import with_more_labels
from spacy_ner_archs.decoders.lattice.partial import annotated_log_partition
from spacy_ner_archs.decoders.lattice.relative_entropy import relative_entropy
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.thinc_layers.conversion import to_lists, to_tensor
from spacy_ner_archs.thinc_layers.torch_shim import shim_of
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask


class LatticeDecoder(Decoder[Annotation, np.ndarray | None]):
    """Reads a network's scores as emissions of BILUO tags, and an annotation as the one path of
    tags that spells it. Constraints are the tags that each token may get: bool [N, K], or None
    where all may get all.

    layer: the `LatticeLayer` with the weights of the transitions. entity_ratio: what is known of
    all tokens of a batch together; None for nothing.
    """

    def __init__(self, layer: Model, entity_ratio: EntityRatio | None = None):
        self._layer = layer
        self._entity_ratio = entity_ratio

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
        def of_batch(emissions: Tensor, mask: Tensor) -> Tensor:
            allowed = _pad_allowed(target.allowed, mask)
            loss = self._module(emissions, mask, allowed, target.excluded).mean()
            if self._entity_ratio is not None:
                loss = loss + self._entity_ratio.loss(self._module.scores(emissions), mask)
            return loss

        return self._differentiate(of_batch, scores, is_train=is_train)

    def rehearsal_loss(
        self,
        scores: list[Floats2d],
        old: "LatticeDecoder",
        old_scores: list[Floats2d],
        target: Annotation,
        *,
        is_train: bool,
    ) -> tuple[float, list[Floats2d]]:
        def of_batch(emissions: Tensor, mask: Tensor) -> Tensor:
            allowed = _pad_allowed(target.allowed, mask)
            with torch.no_grad():
                known = with_more_labels(
                    old._potentials(old_scores, mask), allowed.shape[2], allowed
                ).double()
            known = Scores(*(part.requires_grad_() for part in known))
            annotated = annotated_log_partition(known, mask, allowed, target.excluded)
            new = self._module.scores(emissions)
            distance = relative_entropy(known, annotated, new, log_partition(new, mask))
            return distance / len(mask)

        return self._differentiate(of_batch, scores, is_train=is_train)

    @property
    def _module(self) -> Any:
        return shim_of(self._layer).module

    def _differentiate(
        self,
        loss: Callable[[Tensor, Tensor], Tensor],
        scores: list[Floats2d],
        *,
        is_train: bool,
    ) -> tuple[float, list[Floats2d]]:
        """The loss, of padded emissions and their mask, and its gradient for the scores; in
        training its gradients for the decoder's weights are added up, too."""
        emissions = to_tensor(self._layer, scores, requires_grad=True)
        lengths = [len(of_doc) for of_doc in scores]
        trained = self._module.parameters() if is_train else ()

        def compute() -> float:
            with torch.enable_grad():
                mask = sequence_mask([n for n in lengths if n], emissions.device)
                of_batch = loss(pad(emissions, mask), mask)
                of_batch.backward(inputs=[emissions, *trained])
            return float(of_batch.detach())

        return self.run(compute), to_lists(self._layer, emissions.grad, lengths)

    def _potentials(self, scores: list[Floats2d], mask: Tensor) -> Scores:
        flat = to_tensor(self._layer, scores)
        with torch.no_grad():
            return self._module.scores(pad(flat, mask))

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
        mask = sequence_mask([len(of_doc) for of_doc in scores], shim_of(self._layer).device)
        allowed = None if constraints is None else _pad_allowed(constraints, mask)
        potentials = self._potentials(scores, mask).constrained(allowed)
        at_temperature = potentials.at_temperature(calibration.temperature)
        return LatticeDistribution(at_temperature, mask, labels, calibration)


def _pad_allowed(allowed: np.ndarray, mask: Tensor) -> Tensor:
    """Bool [N, K] to [B, T, K], true on padding."""
    return pad(torch.from_numpy(allowed).to(mask.device), mask) | ~mask[..., None]
