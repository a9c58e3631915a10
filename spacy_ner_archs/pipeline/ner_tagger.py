from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.decoders.decoder import Distribution
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import Threshold
from spacy_ner_archs.pipeline.batching import one_ahead
from spacy_ner_archs.pipeline.entity_scores import (
    register_extension,
    set_candidates,
    set_scores,
)
from spacy_ner_archs.pipeline.loading import loading
from spacy_ner_archs.pipeline.prediction import (
    Prediction,
    check_labels,
    check_min_score,
    check_threshold,
    predict_above,
    predict_best,
)
from spacy_ner_archs.pipeline.trainable_tagger import TrainableTagger
from spacy_ner_archs.pipeline.wheel_requirements import require_in_wheel
from spacy_ner_archs.thinc_layers.torch_shim import is_small, set_dtype
from spacy_ner_archs.torch_layers.precision import Dtype, check_dtype
from spacy_ner_archs.torch_layers.threads import number_of_threads

register_extension()


@Language.factory(
    "ner_tagger",
    assigns=["doc.ents", "doc.spans", "token.ent_iob", "token.ent_type", "span._.ner_score"],
    default_config={
        "model": {"@architectures": "spacy-ner-archs.CharCNNBiLSTMCRF.v1"},
        "threshold": None,
        "spans_key": None,
        "min_score": 0.01,
        "incorrect_spans_key": None,
        "dtype": "auto",
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_ner_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    threshold: float | dict[str, float] | None,
    spans_key: str | None,
    min_score: float,
    incorrect_spans_key: str | None,
    dtype: Dtype,
    scorer: Callable | None,
) -> "NERTagger":
    """Make a `NERTagger`; its arguments are the component's settings in the config."""
    require_in_wheel(nlp, model)
    return NERTagger(
        nlp.vocab,
        model,
        name,
        threshold=threshold,
        spans_key=spans_key,
        min_score=min_score,
        incorrect_spans_key=incorrect_spans_key,
        dtype=dtype,
        scorer=scorer,
    )


class NERTagger(TrainableTagger):
    """Recognize named entities, with their probabilities, and set them as `doc.ents`.

    Where it meets spaCy's `ner` it does the same: it leaves alone entities that are set or blocked
    before it, and learns from missing annotation and from known wrong entities.

    Entities that an `ner_tagger` has set before are annotation for `predict`, as for spaCy's `ner`.
    """

    def __init__(
        self,
        vocab: Any,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "ner_tagger",
        *,
        threshold: Threshold | None = None,
        spans_key: str | None = None,
        min_score: float = 0.01,
        incorrect_spans_key: str | None = None,
        dtype: Dtype = "auto",
        scorer: Callable | None = get_ner_prf,
    ):
        """
        vocab (Vocab): The shared vocabulary.
        model (Model[List[Doc], List[Floats2d]]): `SoftmaxTagger`, `CRFTagger` or a tagger made of
            them.
        name (str): The component's name in the pipeline.
        threshold (Optional[Union[float, Dict[str, float]]]): None sets the entities of the most
            probable annotation. A number, from 0 to 1, sets those without overlap that maximise
            the sum of (probability - threshold): a low one finds more entities, a high one keeps
            the sure ones. A dict has a number for each label; labels that it leaves out have 0.5.
        spans_key (Optional[str]): Key of `doc.spans` for all candidates, which can overlap, with
            their probabilities as `.attrs["scores"]`.
        min_score (float): The lowest probability of a candidate, above 0.
        incorrect_spans_key (Optional[str]): Key of `doc.spans` under which the training data has
            entities that are known to be wrong.
        dtype (str): What the layers below the emissions compute in: "float32", "bfloat16", or
            "auto", which is bfloat16 where the processor or GPU is made for it. Weights are
            float32. A `TransformerModel` has a dtype of its own.
        scorer (Optional[Callable]): The scoring method.
        """
        check_threshold(threshold)
        check_min_score(min_score)
        self.vocab = vocab
        self.model = model
        self.name = name
        self.threshold = threshold
        self.spans_key = spans_key
        self.min_score = min_score
        self.incorrect_spans_key = incorrect_spans_key
        self.dtype = dtype
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"labels": [], "temperature": 1.0, "span_temperatures": {}}

    @property
    def dtype(self) -> Dtype:
        """What the model computes in. Raises ValueError, in one line, where it is set to what the
        processor or GPU isn't made for."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype: Dtype) -> None:
        check_dtype(dtype)
        set_dtype(self.model, dtype)
        self._dtype = dtype

    def predict(self, docs: Iterable[Doc]) -> list[Prediction]:
        """The entities of each doc, and its candidates if there is a `spans_key`. The docs aren't
        changed."""
        return self._start_predicting(list(docs))()

    def _start_predicting(self, docs: list[Doc]) -> Callable[[], list[Prediction]]:
        min_score = None if self.spans_key is None else self.min_score
        check_labels(self.threshold, self.labels)

        def predict(distribution: Distribution, batch: list[int]) -> list[Prediction]:
            if self.threshold is None:
                return predict_best(distribution, min_score)
            return predict_above(distribution, self.threshold, self.labels, min_score)

        return self._start(docs, predict, lambda: Prediction([], []), past_predictions=True)

    def set_annotations(self, docs: Iterable[Doc], predictions: list[Prediction]) -> None:
        """Set `doc.ents`, their scores, and the candidates, from what `predict` gave."""
        labels = {label: self.vocab.strings.add(label) for label in self.labels}
        for doc, prediction in zip(docs, predictions, strict=True):
            found = [(Span(doc, e[0], e[1], label=labels[e[2]]), e) for e in prediction.entities]
            if doc.has_annotation("ENT_IOB"):
                found = _beside_preset(doc, found)
            else:
                doc.set_ents([span for span, _ in found])
            set_scores(doc, found)
            if self.spans_key is not None:
                candidates = prediction.candidates or []
                spans = [Span(doc, e[0], e[1], label=labels[e[2]]) for e in candidates]
                set_candidates(doc, self.spans_key, spans, [e.score for e in candidates])

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Apply the component to a stream of docs. A doc that fails goes to the error handler on
        its own, not with its batch.

        stream (Iterable[Doc]): The docs.
        batch_size (int): How many docs are taken from the stream at a time. With two threads or
            more, one such batch is read ahead.
        """
        batches = util.minibatch(stream, size=batch_size)
        for annotate in (one_ahead if self._works_ahead else map)(self._start_batch, batches):
            yield from annotate()

    @property
    def _works_ahead(self) -> bool:
        """Whether other threads can compute a batch while this one reads the next."""
        return is_small(self.model) and number_of_threads() > 1

    def _start_batch(self, docs: list[Doc]) -> Callable[[], Iterable[Doc]]:
        try:
            return partial(self._annotate, docs, self._start_predicting(docs))
        except Exception:
            return partial(self._one_by_one, docs)

    def _annotate(
        self, docs: list[Doc], predictions: Callable[[], list[Prediction]]
    ) -> Iterable[Doc]:
        try:
            self.set_annotations(docs, predictions())
        except Exception:
            return self._one_by_one(docs)
        return docs

    def _one_by_one(self, docs: list[Doc]) -> Iterable[Doc]:
        return (doc for doc in map(self, docs) if doc is not None)

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


def _beside_preset(doc: Doc, found: list[tuple[Span, Entity]]) -> list[tuple[Span, Entity]]:
    """Set entities beside those that the doc has; gives back those that were set."""
    preset = list(doc.ents)
    taken = {i for ent in preset for i in range(ent.start, ent.end)}
    added = [item for item in found if taken.isdisjoint(range(item[0].start, item[0].end))]
    blocked = [doc[t.i : t.i + 1] for t in doc if t.ent_iob_ == "B" and not t.ent_type]
    doc.set_ents([*preset, *(span for span, _ in added)], blocked=blocked)
    return added
