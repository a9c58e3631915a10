"""A report: all that is known of a pipeline's predictions on a corpus. It doesn't change once it is
made; report.json has its fields by their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from spacy.tokens import Doc

from spacy_ner_archs.evaluation.confidence import Confidence
from spacy_ner_archs.evaluation.confusion import Confusion
from spacy_ner_archs.evaluation.predict import Cost
from spacy_ner_archs.evaluation.scores import Interval, Scores
from spacy_ner_archs.evaluation.tags import TagScores
from spacy_ner_archs.evaluation.training_log import Point
from spacy_ner_archs.evaluation.wrong_entities import WrongEntities

ADVICE = "make a report with: python -m spacy ner report --output"


@dataclass(frozen=True)
class CorpusSize:
    """file: as it was given. sentences: of the docs that have any set."""

    file: str
    docs: int
    sentences: int
    tokens: int
    entities: int


def size_of(file: str, docs: Sequence[Doc]) -> CorpusSize:
    """Of the docs of a file."""
    with_sentences = [doc for doc in docs if doc.has_annotation("SENT_START")]
    return CorpusSize(
        file=file,
        docs=len(docs),
        sentences=sum(len(list(doc.sents)) for doc in with_sentences),
        tokens=sum(map(len, docs)),
        entities=sum(len(doc.ents) for doc in docs),
    )


@dataclass(frozen=True)
class Report:
    """The first fields are named as in the output of `spacy evaluate`; scores are fractions.

    interval: of ents_f. macro: means over the labels that anything was scored of. slices: the
    scores of each part, for each way to divide the entities. labels: those of the pipeline.
    direction: of the writing, "ltr" or "rtl". confusion: of entities. training: the evaluations of
    each training, by its name. confidence: None where the pipeline has no probabilities.
    """

    ents_p: float
    ents_r: float
    ents_f: float
    ents_per_type: dict[str, Scores]
    seqeval_f: float | None
    interval: Interval | None
    support: int
    macro: Scores
    slices: dict[str, dict[str, Scores]]
    labels: tuple[str, ...]
    model: str
    corpus: CorpusSize
    cost: Cost
    direction: str
    confusion: Confusion
    tags: TagScores
    errors: WrongEntities
    training: dict[str, tuple[Point, ...]]
    confidence: Confidence | None = None

    @property
    def all_scores(self) -> Scores:
        """Of all entities (micro-averaged)."""
        return Scores(self.ents_p, self.ents_r, self.ents_f, self.interval, self.support)


def to_json(value: Any) -> str:
    """A dataclass of plain values, such as a report, as JSON."""
    return TypeAdapter(type(value)).dump_json(value, indent=2).decode()


def read_report(path: Path) -> Report:
    """Of a report.json. Raises ValueError, in one line, for anything else."""
    try:
        return TypeAdapter(Report).validate_json(path.read_bytes(), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        if not where:
            raise ValueError(f"not a report: {first['msg']}; {ADVICE}") from None
        raise ValueError(f"not a whole report, {where}: {first['msg']}; {ADVICE}") from None
