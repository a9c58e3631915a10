from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from spacy.errors import Errors
from spacy.language import Language
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.api import Optimizer, set_dropout_rate
from thinc.types import Floats2d

from spacy_ner_archs.architectures.embeddings.vocabulary import collect_vocab
from spacy_ner_archs.architectures.slots import Tagger
from spacy_ner_archs.decoders.decoder import decoder_of
from spacy_ner_archs.pipeline.entity_probabilities import EntityProbabilities
from spacy_ner_archs.pipeline.initialization import (
    is_dummy,
    sample_of,
    upstream_models,
    warn_of_spaces,
)
from spacy_ner_archs.pipeline.listeners import listeners
from spacy_ner_archs.thinc_layers.doc_batch import DocBatch
from spacy_ner_archs.thinc_layers.torch_shim import is_small
from spacy_ner_archs.torch_layers.threads import in_one_thread

#: From examples and their scores to the loss and its gradient for the scores.
Loss = Callable[[list[Example], list[Floats2d]], tuple[float, list[Floats2d]]]


class TrainableTagger(EntityProbabilities):
    """How a component gets its labels and weights, and learns from annotated docs."""

    incorrect_spans_key: str | None
    #: The model as it was when `nlp.resume_training` was called, which sets it.
    _rehearsal_model: Tagger | None = None

    @property
    def label_data(self) -> tuple[str, ...]:
        """The labels, as `spacy init labels` writes them and `initialize` takes them."""
        return self.labels

    def add_label(self, label: str) -> int:
        """Add a label. What the model has learned stays, and so do its predictions.

        RETURNS (int): 0 if the label is there already, otherwise 1.
        """
        if not isinstance(label, str):
            raise ValueError(Errors.E187)
        if label in self.labels:
            return 0
        self.cfg["labels"].append(label)
        self.vocab.strings.add(label)
        self._set_n_outputs()
        return 1

    def _set_n_outputs(self) -> None:
        self.set_output(decoder_of(self.model).n_outputs(len(self.labels)))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Iterable[str] | None = None,
    ) -> None:
        """Set labels, collect the vocabularies of words and characters, and start the weights.

        get_examples (Callable[[], Iterable[Example]]): Gives the training data.
        nlp (Optional[Language]): The pipeline; a shared tok2vec in it that this component
            listens to gets its vocabularies from the training data too, unless it is trained.
        labels (Optional[Iterable[str]]): The labels; those of the training data if None.
        """
        validate_get_examples(get_examples, "NERTagger.initialize")
        examples = list(get_examples())
        warn_of_spaces(self.name, examples)
        docs = [eg.predicted for eg in examples]
        found = {ent.label_ for eg in examples for ent in eg.reference.ents}
        for label in sorted(found) if labels is None else labels:
            self.add_label(label)
        self._set_n_outputs()
        for model in [*upstream_models(self.model, nlp), self.model]:
            has_vocab = collect_vocab(model, docs)
            if has_vocab and is_dummy(examples):
                raise ValueError(
                    f"'{self.name}' takes its vocabulary from the training data: give it all "
                    "examples, nlp.initialize(lambda: examples)"
                )
            if has_vocab or model is self.model:
                model.initialize(X=sample_of(docs))

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch, as `TrainablePipe.update`. Raises ValueError before `initialize`."""
        validate_examples(examples, "NERTagger.update")
        loss = partial(self._loss, is_train=True)
        return self._learn(list(examples), loss, drop, sgd, losses)

    def rehearse(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch what its annotation says, and for the rest what the component said
        when `nlp.resume_training` was called: so it learns a new label, or another kind of text,
        and forgets nothing. Does nothing without that call, as other components of spaCy.

        The loss is the Kullback-Leibler divergence of the old distribution, among the annotations
        that the examples leave possible, from the new one (Hinton et al. 2015, here of whole
        annotations). Labels that were added since are only where the examples have them.

        Raises ValueError for a component that listens to a shared tok2vec or transformer.
        """
        validate_examples(examples, "NERTagger.rehearse")
        if self._rehearsal_model is None:
            return {} if losses is None else losses
        if shared := listeners(self.model):
            raise ValueError(
                f"'{self.name}' can't rehearse, because it listens to "
                f"'{shared[0].upstream_name}': call nlp.replace_listeners first"
            )
        return self._learn(list(examples), self._rehearsal_loss, drop, sgd, losses)

    def _learn(
        self,
        examples: list[Example],
        loss: Loss,
        drop: float,
        sgd: Optimizer | None,
        losses: dict[str, float] | None,
    ) -> dict[str, float]:
        self._require_weights()
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        if any(len(eg.predicted) for eg in examples):
            step = partial(self._step, examples, loss, drop, sgd)
            # as a whole: each change of threads takes time
            is_alone = is_small(self.model) and not listeners(self.model)
            losses[self.name] += in_one_thread(step) if is_alone else step()
        return losses

    def _step(
        self, examples: list[Example], loss: Loss, drop: float, sgd: Optimizer | None
    ) -> float:
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update(DocBatch(eg.predicted for eg in examples))
        value, d_scores = loss(examples, scores)
        backprop(d_scores)
        if sgd:
            self.finish_update(sgd)
        return value

    def get_loss(
        self, examples: Iterable[Example], scores: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        """The mean negative log likelihood of the examples that have tokens, in nats, and its
        gradient with respect to the scores. It leaves the model as it is: `update` trains."""
        examples = list(examples)
        validate_examples(examples, "NERTagger.get_loss")
        return self._loss(examples, scores, is_train=False)

    def _loss(
        self, examples: list[Example], scores: list[Floats2d], *, is_train: bool
    ) -> tuple[float, list[Floats2d]]:
        if not any(len(eg.predicted) for eg in examples):
            return 0.0, [self.model.ops.xp.zeros_like(of_doc) for of_doc in scores]
        return decoder_of(self.model).loss(scores, self._target(examples), is_train=is_train)

    def _rehearsal_loss(
        self, examples: list[Example], scores: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        old = cast(Tagger, self._rehearsal_model)
        old_scores = old.predict(DocBatch(eg.predicted for eg in examples))
        return decoder_of(self.model).rehearsal_loss(
            scores, decoder_of(old), old_scores, self._target(examples), is_train=True
        )

    def _target(self, examples: list[Example]) -> Any:
        return decoder_of(self.model).target(
            examples, self.labels, self.incorrect_spans_key, self.name
        )
