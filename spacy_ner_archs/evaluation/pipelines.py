"""A pipeline to evaluate, and what it costs: time to load, size on disk."""

from dataclasses import dataclass
from time import perf_counter

from spacy.language import Language
from spacy.util import load_model

from spacy_ner_archs.pipeline.folder import folder_of


@dataclass(frozen=True)
class Pipeline:
    """name: as it was given. load_seconds: what loading took. bytes: of its files."""

    name: str
    nlp: Language
    load_seconds: float
    bytes: int

    @property
    def labels(self) -> tuple[str, ...]:
        """Of its components that find entities."""
        nlp = self.nlp
        finding = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
        return tuple(sorted({label for name in finding for label in nlp.pipe_labels.get(name, [])}))


def load_pipeline(name: str) -> Pipeline:
    """A pipeline, by name or folder."""
    start = perf_counter()
    nlp = load_model(name)
    seconds = perf_counter() - start
    files = [file for file in folder_of(name).rglob("*") if file.is_file()]
    return Pipeline(name, nlp, seconds, sum(file.stat().st_size for file in files))
