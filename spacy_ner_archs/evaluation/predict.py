"""A pipeline's entities beside those of a corpus."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Corpus, Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.pipelines import Pipeline
from spacy_ner_archs.evaluation.probabilities import (
    Probabilities,
    probabilities_of,
    tagger_in,
)

ADVICE = "with: python -m spacy ner convert"


@dataclass(frozen=True)
class Cost:
    """words_per_second: of prediction. bytes: of the pipeline's files."""

    words_per_second: int
    load_seconds: float
    bytes: int


@dataclass(frozen=True)
class Predictions:
    """Examples with predictions, and where they come from. model, file: the pipeline and the
    corpus, as they were given. labels: the pipeline's. probabilities: of each example; None where
    the pipeline has none. folds: the name of each example's fold; None without cross-validation."""

    examples: list[Example]
    model: str
    file: str
    labels: tuple[str, ...]
    cost: Cost
    probabilities: list[Probabilities] | None = None
    folds: list[str] | None = None

    def known(self, i: int) -> dict[Entity, float]:
        """The probabilities of an example's entities; none where the pipeline has none."""
        return self.probabilities[i].entities if self.probabilities else {}


def read_examples(nlp: Language, path: Path) -> list[Example]:
    """The docs of a .spacy file, each beside one of its tokens (or text, where the file has
    spaces) without annotation. Raises ValueError, in one line, for what isn't such a file, and for
    one without entities."""
    require_spacy_file(path)
    try:
        examples = list(Corpus(path)(nlp))
    except Exception as error:  # zlib, msgpack and spaCy raise all kinds of them
        reason = f"not a .spacy file that this pipeline can read: {type(error).__name__}: {error}"
        raise ValueError(reason) from error
    if not any(example.reference.has_annotation("ENT_IOB") for example in examples):
        raise ValueError("no entity annotation in it; is it the right file?")
    return examples


def require_spacy_file(path: Path) -> None:
    """Raises ValueError, in one line, for a path that can't be a .spacy file's."""
    if not path.is_file():
        raise ValueError(f"no such file; convert a corpus {ADVICE}")
    if path.suffix != ".spacy":
        raise ValueError(f"not a .spacy file; make one {ADVICE}")


def predictions_of(
    pipeline: Pipeline, file: Path, examples: list[Example], names: Mapping[str, str]
) -> Predictions:
    """Apply the pipeline to the examples of a file, and rename its labels."""
    words_per_second = predict(pipeline.nlp, examples)
    tagger = tagger_in(pipeline.nlp)
    # before labels change: the tagger knows its own entities by them
    probabilities = probabilities_of(tagger, examples, names) if tagger else None
    rename_labels(examples, names)
    cost = Cost(round(words_per_second), pipeline.load_seconds, pipeline.bytes)
    return Predictions(examples, pipeline.name, str(file), pipeline.labels, cost, probabilities)


def predict(nlp: Language, examples: list[Example]) -> float:
    """Apply the pipeline to the examples; returns the words a second."""
    start = perf_counter()
    docs = list(nlp.pipe(eg.predicted for eg in examples))
    seconds = perf_counter() - start
    for eg, doc in zip(examples, docs, strict=True):
        eg.predicted = doc
    return sum(len(doc) for doc in docs) / seconds


def rename_labels(examples: list[Example], names: Mapping[str, str]) -> None:
    """Give predicted entities other labels, or remove those whose name is ""."""
    if not names:
        return
    for eg in examples:
        doc = eg.predicted
        ents = []
        for ent in doc.ents:
            if name := names.get(ent.label_, ent.label_):
                ents.append(Span(doc, ent.start, ent.end, label=name))
        doc.set_ents(ents)


def label_warning(predictions: Predictions) -> str | None:
    """A line about predicted labels that the corpus doesn't have: they are wrong, all of them."""
    examples, name = predictions.examples, predictions.model
    wanted = {ent.label_ for example in examples for ent in example.reference.ents}
    found = {ent.label_ for example in examples for ent in example.predicted.ents}
    if wanted and not found & wanted:
        known = ", ".join(predictions.labels)
        return (
            f"{name} finds none of the corpus's labels ({', '.join(sorted(wanted))}): "
            f"it has {known or 'no labels at all'}"
        )
    if unwanted := found - wanted:
        return (
            f"{name} finds labels that the corpus doesn't have: {', '.join(sorted(unwanted))}; "
            "rename them with --label LABEL=NAME, or leave them out with --label LABEL="
        )
    return None


def on_gold_tokens(example: Example) -> Doc:
    """The reference's tokens with the predicted entities, where those have the same boundaries."""
    doc = example.reference.copy()
    doc.set_ents(example.get_aligned_spans_x2y(example.predicted.ents))
    return doc
