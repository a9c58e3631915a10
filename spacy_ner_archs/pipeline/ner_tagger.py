import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from spacy import util
from spacy.errors import Errors
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.api import Model, Optimizer
from thinc.types import Floats2d

from spacy_ner_archs.architectures.embeddings.vocabulary import collect_vocab, has_trained_vocab
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.annotation import annotation_of
from spacy_ner_archs.decoders.lattice.constraints import allowed_tags, begins_or_ends_in_space
from spacy_ner_archs.decoders.lattice.tag_decoder import decode
from spacy_ner_archs.decoders.lattice.token_entities import TokenEntities, spans_of
from spacy_ner_archs.pipeline.listeners import listeners, require_upstream
from spacy_ner_archs.pipeline.loading import loading
from spacy_ner_archs.pipeline.requirements import require_extra
from spacy_ner_archs.thinc_layers.torch_shim import is_small, shim_of
from spacy_ner_archs.torch_layers.padding import batches_by_length
from spacy_ner_archs.torch_layers.threads import in_one_thread, map_in_threads

#: Tokens of a prediction's batch, padding included: enough to keep the processor busy, little
#: enough to stay in its cache.
MAX_PADDED_TOKENS = 4096
#: The same where several batches are computed at once: less, so that all threads get some.
MAX_PADDED_AT_ONCE = 1024


@Language.factory(
    "ner_tagger",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "model": {"@architectures": "spacy-ner-archs.CharCNNBiLSTMCRF.v1"},
        "incorrect_spans_key": None,
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_ner_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    incorrect_spans_key: str | None,
    scorer: Callable | None,
) -> "NERTagger":
    """Make a `NERTagger`; its arguments are the component's settings in the config."""
    require_extra(nlp, model)
    return NERTagger(nlp.vocab, model, name, incorrect_spans_key=incorrect_spans_key, scorer=scorer)


class NERTagger(TrainablePipe):
    """Recognize named entities by tagging words, and set them as `doc.ents`.

    Where it meets spaCy's `ner` it does the same: it leaves alone entities that are set or blocked
    before it, and learns from missing annotation and from known wrong entities. It has no
    `rehearse`.
    """

    def __init__(
        self,
        vocab: Any,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "ner_tagger",
        *,
        incorrect_spans_key: str | None = None,
        scorer: Callable | None = get_ner_prf,
    ):
        """
        vocab (Vocab): The shared vocabulary.
        model (Model[List[Doc], List[Floats2d]]): `SoftmaxTagger`, `CRFTagger` or a tagger made of
            them.
        name (str): The component's name in the pipeline.
        incorrect_spans_key (Optional[str]): Key of `doc.spans` under which the training data has
            entities that are known to be wrong.
        scorer (Optional[Callable]): The scoring method.
        """
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"labels": [], "incorrect_spans_key": incorrect_spans_key}

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> tuple[str, ...]:
        """The labels, as `spacy init labels` writes them and `initialize` takes them."""
        return self.labels

    @property
    def label_indices(self) -> dict[int, int]:
        """Hashes of the labels to their indices."""
        return {self.vocab.strings.add(label): i for i, label in enumerate(self.labels)}

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
        self.set_output(biluo.n_tags(len(self.labels)))
        return 1

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
        _warn_of_spaces(self.name, examples)
        docs = [eg.predicted for eg in examples]
        found = {ent.label_ for eg in examples for ent in eg.reference.ents}
        for label in sorted(found) if labels is None else labels:
            self.add_label(label)
        self.set_output(biluo.n_tags(len(self.labels)))
        for model in [*_upstream_models(self.model, nlp), self.model]:
            has_vocab = collect_vocab(model, docs)
            if has_vocab and _is_dummy(examples):
                raise ValueError(
                    f"'{self.name}' takes its vocabulary from the training data: give it all "
                    "examples, nlp.initialize(lambda: examples)"
                )
            if has_vocab or model is self.model:
                model.initialize(X=_sample(docs))

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch, as `TrainablePipe.update`. Raises ValueError before `initialize`."""
        self._require_weights()
        update = partial(super().update, examples, drop=drop, sgd=sgd, losses=losses)
        if is_small(self.model) and not listeners(self.model):
            return in_one_thread(update)  # as a whole: each change of threads takes time
        return update()

    def predict(self, docs: Iterable[Doc]) -> list[np.ndarray]:
        """Tags of each doc's tokens (`torch_layers.biluo`), an array of the doc's length. The
        docs aren't changed."""
        self._require_weights()
        docs = list(docs)
        require_upstream(self.name, self.model, docs)
        labels = self.label_indices
        at_once = is_small(self.model)
        max_padded = MAX_PADDED_AT_ONCE if at_once else MAX_PADDED_TOKENS
        batches = list(batches_by_length([len(doc) for doc in docs], max_padded))
        found = (map_in_threads if at_once else map)(
            lambda batch: self._best_tags([docs[i] for i in batch], labels), batches
        )
        tags = [np.zeros(0, dtype=np.int64)] * len(docs)
        for batch, best in zip(batches, found, strict=True):
            for i, doc_tags in zip(batch, best, strict=True):
                tags[i] = doc_tags
        return tags

    def _best_tags(self, docs: list[Doc], labels: dict[int, int]) -> list[np.ndarray]:
        emissions = self.model.predict(docs)
        return decode(self.model.get_ref("decoder"), emissions, allowed_tags(docs, labels))

    def set_annotations(self, docs: Iterable[Doc], tags: list[np.ndarray]) -> None:
        """Set `doc.ents` from tags that `predict` gave."""
        labels = [self.vocab.strings[label] for label in self.labels]
        for doc, doc_tags in zip(docs, tags, strict=True):
            spans = [Span(doc, *span[:2], label=labels[span[2]]) for span in spans_of(doc_tags)]
            if doc.has_annotation("ENT_IOB"):
                _add_to_preset(doc, spans)
            else:
                doc.set_ents(spans)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Apply the component to a stream of docs. A doc that fails goes to the error handler on
        its own, not with its batch.

        stream (Iterable[Doc]): The docs.
        batch_size (int): How many docs are taken from the stream at a time.
        """
        for docs in util.minibatch(stream, size=batch_size):
            try:
                self.set_annotations(docs, self.predict(docs))
            except Exception:
                yield from (doc for doc in map(self, docs) if doc is not None)
            else:
                yield from docs

    def get_loss(
        self, examples: Iterable[Example], emissions: list[Floats2d]
    ) -> tuple[float, list[Floats2d]]:
        """The negative log likelihood in nats, summed over the examples, and the gradient of its
        mean with respect to the emissions."""
        examples = list(examples)
        validate_examples(examples, "NERTagger.get_loss")
        filled = [i for i, eg in enumerate(examples) if len(eg.predicted)]
        if not filled:
            return 0.0, list(emissions)
        annotation = annotation_of(
            [examples[i] for i in filled],
            self.labels,
            self.cfg["incorrect_spans_key"],
            self.name,
        )
        decoder = self.model.get_ref("decoder")
        losses, backprop = decoder.begin_update(([emissions[i] for i in filled], annotation))
        d_filled = backprop(self.model.ops.xp.full_like(losses, 1 / len(filled)))
        d_emissions = list(emissions)
        for i, d_sequence in zip(filled, d_filled, strict=True):
            d_emissions[i] = d_sequence
        return float(losses.sum()), d_emissions

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "NERTagger":
        """Load the component from a folder. Raises ValueError, in one line, where what is there
        isn't a whole component of this config with finite weights."""
        with loading(self, str(path), exclude):
            super().from_disk(path, exclude=exclude)
        return self

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> "NERTagger":
        """The same from bytes."""
        with loading(self, "its bytes", exclude):
            super().from_bytes(bytes_data, exclude=exclude)
        return self

    def _require_weights(self) -> None:
        if not shim_of(self.model.get_ref("decoder")).is_built:
            raise ValueError(
                f"{Errors.E109.format(name=self.name)} Call nlp.initialize(lambda: examples), or "
                "load a trained pipeline."
            )


def _sample(docs: list[Doc]) -> list[Doc]:
    """A few docs, that show layers their sizes. A layer may need what components before this one
    set in a pipeline that runs: here each is one sentence."""
    sample = [Doc(doc.vocab, words=[token.text for token in doc]) for doc in docs[:10]]
    for doc in sample:
        for token in doc:
            token.is_sent_start = token.i == 0
    return sample


def _warn_of_spaces(name: str, examples: list[Example]) -> None:
    """What `allowed_tags` rules out is learned in vain."""
    ents = [ent for eg in examples for ent in eg.reference.ents if begins_or_ends_in_space(ent)]
    if ents:
        warnings.warn(
            f"'{name}' never predicts an entity that begins or ends in white space, and the "
            f"training data has {len(ents)} of them: let them begin and end at words",
            stacklevel=2,
        )


def _is_dummy(examples: list[Example]) -> bool:
    """Whether these are what spaCy makes up for `nlp.initialize()` and for `spacy pretrain`."""
    return len(examples) == 1 and not examples[0].reference.has_annotation("ENT_IOB")


def _upstream_models(model: Model, nlp: Language | None) -> list[Model]:
    """Models of the shared tok2vec components that a model listens to."""
    names = {listener.upstream_name for listener in listeners(model)}
    if nlp is None:
        return []
    return [
        cast(TrainablePipe, pipe).model
        for name, pipe in nlp.pipeline
        if hasattr(pipe, "listener_map")
        and names & {name, "*"}
        and not has_trained_vocab(cast(TrainablePipe, pipe).model)
    ]


def _add_to_preset(doc: Doc, spans: list[Span]) -> None:
    """Set entities beside those that the doc has."""
    preset = list(doc.ents)
    taken = {i for ent in preset for i in range(ent.start, ent.end)}
    added = [span for span in spans if taken.isdisjoint(range(span.start, span.end))]
    blocked = np.flatnonzero(TokenEntities([doc]).blocked).tolist()
    doc.set_ents([*preset, *added], blocked=[doc[i : i + 1] for i in blocked])
