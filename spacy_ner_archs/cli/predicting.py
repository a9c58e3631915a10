"""What commands that apply pipelines to a corpus begin with; a mistake ends them with a line."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from spacy.cli._util import setup_gpu
from spacy.language import Language
from spacy.training import Example

from spacy_ner_archs.cli.failing import fail, failing

LabelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label", help="PERSON=PER: the corpus's name of a pipeline's label; DATE= leaves it out"
    ),
]
GpuOption = Annotated[int, typer.Option("--gpu-id", "-g", help="GPU, or -1 for the CPU")]


class Pipeline(NamedTuple):
    """name: as it was given. load_seconds: what loading took. size: bytes on disk."""

    name: str
    nlp: Language
    load_seconds: float
    size: int

    @property
    def labels(self) -> list[str]:
        """Of its components that find entities."""
        finding = [
            name
            for name in self.nlp.pipe_names
            if "doc.ents" in self.nlp.get_pipe_meta(name).assigns
        ]
        return sorted({label for name in finding for label in self.nlp.pipe_labels.get(name, [])})


def load_pipeline(name: str, gpu_id: int) -> Pipeline:
    from spacy_ner_archs.evaluation.speed import load_timed, size_of

    with failing(f"--gpu-id {gpu_id}"):
        setup_gpu(gpu_id)
    with failing(name):
        nlp, seconds = load_timed(name)
        return Pipeline(name, nlp, seconds, size_of(name))


def read_corpus(nlp: Language, path: Path) -> list[Example]:
    """Its docs as the references of examples that the pipeline can predict."""
    from spacy_ner_archs.evaluation.predict import read_examples

    if not path.is_file():
        fail(f"{path}: no such file; convert a corpus with: python -m spacy ner convert")
    if path.suffix != ".spacy":
        fail(f"{path}: not a .spacy file; make one with: python -m spacy ner convert")
    with failing(f"{path}: not a .spacy file that this pipeline can read"):
        examples = read_examples(nlp, path)
    if not any(example.reference.has_annotation("ENT_IOB") for example in examples):
        fail(f"{path}: no entity annotation in it; is it the right file?")
    return examples


def label_names(options: list[str] | None) -> dict[str, str]:
    """What the --label options say: a pipeline's labels and the corpus's names for them."""
    names = {}
    for option in options or []:
        label, equals, name = option.partition("=")
        if not label or not equals:
            fail(f"--label {option}: give LABEL=NAME, or LABEL= to leave such entities out")
        names[label] = name
    return names


def predict_corpus(pipeline: Pipeline, examples: list[Example], names: dict[str, str]) -> float:
    """Apply the pipeline to the examples, and rename its labels; returns the words a second."""
    from spacy_ner_archs.evaluation.predict import predict, rename_labels

    with failing(f"{pipeline.name}: can't predict"):
        words_per_second = predict(pipeline.nlp, examples)
    rename_labels(examples, names)
    _warn_of_labels(pipeline, examples)
    return words_per_second


def _warn_of_labels(pipeline: Pipeline, examples: list[Example]) -> None:
    """Labels that the corpus doesn't have are wrong, all of them."""
    wanted = {ent.label_ for example in examples for ent in example.reference.ents}
    found = {ent.label_ for example in examples for ent in example.predicted.ents}
    if wanted and not found & wanted:
        known = pipeline.labels
        has = f"it has {', '.join(known)}" if known else "it has no labels at all"
        typer.echo(
            f"{pipeline.name} finds none of the corpus's labels ({', '.join(sorted(wanted))}): "
            f"{has}",
            err=True,
        )
    elif unwanted := found - wanted:
        typer.echo(
            f"{pipeline.name} finds labels that the corpus doesn't have: "
            f"{', '.join(sorted(unwanted))}; rename them with --label LABEL=NAME, or leave them "
            "out with --label LABEL=",
            err=True,
        )
