"""A cross-validated run: pipelines that each haven't seen a fold of a corpus."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from weasel.util import get_checksum

from spacy_ner_archs.experiments.folds import Deal

#: The file that tells a cross-validated run's folder from a pipeline's.
FOLDS_FILE = "folds.json"


@dataclass(frozen=True)
class CrossValidation(Deal):
    """The contents of `folds.json`. pipelines: each fold's, which hasn't seen it; its folder,
    relative to that of the file."""

    pipelines: tuple[str, ...]


@dataclass(frozen=True)
class Judge:
    """pipeline: its folder. docs: the numbers of the corpus's Docs, from 0, that it hasn't seen, as
    spaCy's `Corpus` counts them."""

    pipeline: Path
    docs: list[int]

    @property
    def fold(self) -> str:
        """The name of the fold's folder, such as fold-0."""
        return self.pipeline.parent.name

    @property
    def log(self) -> Path:
        """Of its training."""
        return self.pipeline.parent / "log.jsonl"


def is_cross_validated(folder: Path) -> bool:
    return (folder / FOLDS_FILE).is_file()


def judges_of(folder: Path, corpus: Path) -> list[Judge]:
    """A judge for each fold; each Doc of the corpus has one.

    folder: of a cross-validated run. corpus: what was dealt into folds. Raises ValueError, in one
    line, for another folder or corpus, and where a pipeline isn't trained yet.
    """
    run = read_cross_validation(folder)
    if not corpus.is_file():
        raise ValueError(f"{corpus}: no such file; the folds are those of {run.corpus}")
    if get_checksum(corpus) != run.checksum:
        raise ValueError(f"{corpus} isn't the corpus of the folds, or was changed: {run.corpus}")
    judges = [Judge(folder / name, run.docs_of(i)) for i, name in enumerate(run.pipelines)]
    for judge in judges:
        if not (judge.pipeline / "meta.json").is_file():
            reason = "no pipeline yet; the same grid command goes on with what is missing"
            raise ValueError(f"{judge.pipeline}: {reason}")
    return judges


def read_cross_validation(folder: Path) -> CrossValidation:
    """Raises ValueError, in one line, for a folder without a whole `folds.json`."""
    file = folder / FOLDS_FILE
    if not file.is_file():
        raise ValueError(f"{folder}: no {FOLDS_FILE}; cross-validate with: ner grid --folds 5")
    try:
        return TypeAdapter(CrossValidation).validate_json(file.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{file}: {error.errors()[0]['msg']}") from None
