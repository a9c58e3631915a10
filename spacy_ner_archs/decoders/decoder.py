"""What a component needs to know of a decoder: how a network's scores become entities, and how
annotation becomes a loss. A decoder of another kind is another folder beside `lattice`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

import numpy as np
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.entity import Entity

Target = TypeVar("Target")
Constraints = TypeVar("Constraints")
Result = TypeVar("Result")
#: Start, end (exclusive) and label.
LabelledSpan = tuple[int, int, str]
#: Start and end (exclusive).
Tokens = tuple[int, int]


class Distribution(ABC):
    """The probabilities of all annotations of a batch of D docs, none of them empty. What the docs'
    annotation rules out has probability 0. All lists are of the docs, in their order."""

    @abstractmethod
    def best(self) -> list[list[Entity]]:
        """Entities of the most probable annotation, in their order."""

    @abstractmethod
    def candidates(self, min_score: float) -> list[list[Entity]]:
        """All possible entities with a score of at least min_score, above 0, by their start, end
        and label. They can overlap."""

    @abstractmethod
    def span_probabilities(self, spans: Sequence[Sequence[LabelledSpan]]) -> list[np.ndarray]:
        """Probability of each of a doc's spans [S] to be an entity with its label; 0 for a label
        that the decoder doesn't have."""

    @abstractmethod
    def outside_probabilities(self, places: Sequence[Sequence[Tokens]]) -> list[np.ndarray]:
        """Probability, for each of a doc's places [S], that none of its tokens is in an entity."""

    @abstractmethod
    def token_probabilities(self) -> list[np.ndarray]:
        """Probability of each token to be in no entity, and in one of each label [T, 1 + L]."""

    @abstractmethod
    def entropy(self) -> list[float]:
        """Entropy of the annotations, in nats."""

    @abstractmethod
    def n_best(self, n: int) -> list[list[tuple[list[Entity], float]]]:
        """The n most probable annotations, or as many as there are, with their probabilities."""

    @abstractmethod
    def sample(self, n: int, seed: int) -> list[list[list[Entity]]]:
        """n annotations, drawn by their probabilities."""


class Decoder(ABC, Generic[Target, Constraints]):
    """Scores are a list of arrays, one of each doc: [tokens, number of outputs]."""

    @abstractmethod
    def n_outputs(self, n_labels: int) -> int:
        """How many scores of a token the decoder takes."""

    @property
    @abstractmethod
    def has_weights(self) -> bool:
        """Whether the decoder's own weights are there: after initialisation, or loaded."""

    @abstractmethod
    def run(self, function: Callable[[], Result]) -> Result:
        """Call a function that asks a distribution, in the decoder's threads."""

    @abstractmethod
    def target(
        self,
        examples: list[Example],
        labels: tuple[str, ...],
        incorrect_spans_key: str | None,
        component: str,
    ) -> Target:
        """What the examples tell; those with an empty predicted doc tell nothing. Raises ValueError
        for an entity with a label that isn't among the labels of the component."""

    @abstractmethod
    def loss(
        self, scores: list[Floats2d], target: Target, *, is_train: bool
    ) -> tuple[float, list[Floats2d]]:
        """The negative log likelihood of the docs' annotation, in nats, and its gradient with
        respect to the scores. It is the mean over the docs that have tokens; one has. In training,
        adds up the gradients of the decoder's own weights."""

    @abstractmethod
    def rehearsal_loss(
        self,
        scores: list[Floats2d],
        old: Any,
        old_scores: list[Floats2d],
        target: Target,
        *,
        is_train: bool,
    ) -> tuple[float, list[Floats2d]]:
        """The Kullback-Leibler divergence of an old model's distribution, among the annotations
        that the target leaves possible, from this one's; otherwise as `loss`. Where the target says
        all, that is the `loss` itself.

        old: the decoder of the old model, of the same kind; it may have fewer labels, which are
        the first of this one's. old_scores: its scores of the same docs.
        """

    @abstractmethod
    def constraints(
        self, docs: list[Doc], labels: tuple[str, ...], is_free: np.ndarray | None
    ) -> Constraints:
        """What the docs' annotation rules out. is_free: bool [N], tokens of the batch whose
        entities don't count as annotation."""

    @abstractmethod
    def distribution(
        self,
        scores: list[Floats2d],
        constraints: Constraints,
        labels: tuple[str, ...],
        calibration: Calibration,
    ) -> Distribution:
        """The distribution over the annotations of a batch."""


def decoder_of(model: Model) -> Decoder:
    """The decoder of a tagger: its layer "decoder" has the weights, and says who reads them."""
    layer = model.get_ref("decoder")
    return cast(Any, layer.attrs["decoder"])(layer)
