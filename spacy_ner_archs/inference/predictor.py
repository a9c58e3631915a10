"""Whatever has texts in columns can call a pipeline: Ray, Spark, pandas, or a loop."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from spacy_ner_archs.decoders.selection import Threshold
from spacy_ner_archs.inference.entities import EntityRow, candidate_rows, entity_rows
from spacy_ner_archs.inference.texts import Annotated, annotate
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.memory import memory_zone
from spacy_ner_archs.pipeline.models import models_of
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.pipeline.prediction import check_labels, check_min_score, check_threshold
from spacy_ner_archs.thinc_layers.torch_shim import set_dtype
from spacy_ner_archs.torch_layers.precision import Dtype, check_dtype

#: Key of `doc.spans` for candidates, where they are asked for.
CANDIDATES = "ner_candidates"


class Settings(NamedTuple):
    """What is to be found.

    threshold: that of the `ner_tagger`; None for the pipeline's own. min_score: the lowest
    probability of a candidate; None for no candidates. batch_size: docs that a component gets at a
    time; None for the pipeline's own. dtype: what all layers compute in, transformers, too; None
    for the pipeline's own.
    """

    threshold: Threshold | None = None
    min_score: float | None = None
    batch_size: int | None = None
    dtype: Dtype | None = None

    def check(self, nlp: Language) -> None:
        """Raises ValueError, in one line, for what a pipeline refuses, which stays as it is."""
        if self.dtype is not None:
            check_dtype(self.dtype)
        if self._are_of_a_tagger:
            labels = find_tagger(nlp).labels
            check_threshold(self.threshold)
            check_labels(self.threshold, labels)
        if self.min_score is not None:
            check_min_score(self.min_score)

    def apply(self, nlp: Language) -> None:
        """Change a pipeline so. Raises ValueError, in one line, for what it refuses."""
        self.check(nlp)
        if self.dtype is not None:
            for model in models_of(nlp):
                set_dtype(model, self.dtype, all_layers=True)
        if self._are_of_a_tagger:
            self._apply_to(find_tagger(nlp))

    def _apply_to(self, tagger: NERTagger) -> None:
        if self.threshold is not None:
            tagger.threshold = self.threshold
        if self.min_score is not None:
            tagger.spans_key, tagger.min_score = CANDIDATES, self.min_score

    @contextmanager
    def applied(self, nlp: Language) -> Iterator[None]:
        """Change a pipeline's tagger so in this context: its threshold, and its candidates."""
        if not self._are_of_a_tagger:
            yield
            return
        tagger = find_tagger(nlp)
        before = tagger.threshold, tagger.spans_key, tagger.min_score
        self._apply_to(tagger)
        try:
            yield
        finally:
            tagger.threshold, tagger.spans_key, tagger.min_score = before

    @property
    def _are_of_a_tagger(self) -> bool:
        return self.threshold is not None or self.min_score is not None


class Predictor:
    """A pipeline that is loaded once, and takes batches of texts in columns.

    model: a pipeline, by name or folder. column: that of the texts.
    """

    def __init__(
        self, model: str, settings: Settings | None = None, *, column: str = "text"
    ) -> None:
        self.nlp = spacy.load(model)
        self.settings = settings or Settings()
        self.settings.apply(self.nlp)
        self.column = column

    def __call__(self, batch: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
        """New columns for a batch: `entities`, a list of rows for each text; `candidates`, where
        they are asked for; `error`, None but for a text that fails, whose lists are None."""
        with memory_zone(self.nlp):
            texts = list(batch[self.column])
            rows = [self._row(each) for each in annotate(self.nlp, texts, self.settings.batch_size)]
        return {name: [row[name] for row in rows] for name in self.columns}

    @property
    def columns(self) -> list[str]:
        with_candidates = ["candidates"] if self.settings.min_score is not None else []
        return ["entities", *with_candidates, "error"]

    def _row(self, annotated: Annotated) -> dict[str, Any]:
        found = {} if annotated.doc is None else found_in(annotated.doc)
        return {name: found.get(name) for name in self.columns} | {"error": annotated.error}


def found_in(doc: Doc) -> dict[str, list[EntityRow]]:
    """A doc's entities, and its candidates where they were asked for."""
    found = {"entities": entity_rows(doc)}
    if CANDIDATES in doc.spans:
        found["candidates"] = candidate_rows(doc, CANDIDATES)
    return found
