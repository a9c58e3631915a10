"""What commands that apply pipelines to a corpus begin with; a mistake ends them with a line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import srsly
import typer
from spacy.cli._util import setup_gpu
from spacy.training import Example

from spacy_ner_archs.cli.failing import fail, failing

if TYPE_CHECKING:
    from spacy_ner_archs.evaluation.pipelines import Pipeline
    from spacy_ner_archs.evaluation.predict import Predictions
    from spacy_ner_archs.experiments.out_of_fold import Judge

LabelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label", help="PERSON=PER: the corpus's name of a pipeline's label; DATE= leaves it out"
    ),
]
LabelsOption = Annotated[
    Path | None,
    typer.Option("--labels", help="YAML file with the same for many labels, as in PERSON: PER"),
]
GpuOption = Annotated[int, typer.Option("--gpu-id", "-g", help="GPU, or -1 for the CPU")]


def use_gpu(gpu_id: int) -> None:
    with failing(f"--gpu-id {gpu_id}"):
        setup_gpu(gpu_id)


def label_names(options: list[str] | None, file: Path | None) -> dict[str, str]:
    """A pipeline's labels and the corpus's names for them: those of the --labels file, and what
    the --label options say instead."""
    names = {} if file is None else _labels_of(file)
    for option in options or []:
        label, equals, name = option.partition("=")
        if not label or not equals:
            fail(f"--label {option}: give LABEL=NAME, or LABEL= to leave such entities out")
        names[label] = name
    return names


def _labels_of(file: Path) -> dict[str, str]:
    with failing(str(file)):
        names = srsly.read_yaml(file)
    if not isinstance(names, dict) or not all(isinstance(n, str | None) for n in names.values()):
        fail(f"{file}: give LABEL: NAME on each line, or LABEL: to leave such entities out")
    return {str(label): name or "" for label, name in names.items()}


def load(name: str) -> "Pipeline":
    from spacy_ner_archs.evaluation.pipelines import load_pipeline

    with failing(name):
        return load_pipeline(name)


def read(pipeline: "Pipeline", file: Path) -> list[Example]:
    from spacy_ner_archs.evaluation.predict import read_examples

    with failing(str(file)):
        return read_examples(pipeline.nlp, file)


def predict(
    pipeline: "Pipeline", file: Path, examples: list[Example], names: dict[str, str]
) -> "Predictions":
    return _warned(_predict(pipeline, file, examples, names))


def predict_out_of_fold(
    folder: str, judges: "list[Judge]", file: Path, names: dict[str, str]
) -> "Predictions":
    """Of each doc, by the pipeline of a cross-validated run that hasn't seen it."""
    from spacy_ner_archs.evaluation.pooled import Part, pooled

    parts = []
    for judge in judges:
        pipeline = load(str(judge.pipeline))
        examples = read(pipeline, file)
        unseen = [examples[i] for i in judge.docs]
        parts.append(Part(judge.fold, judge.docs, _predict(pipeline, file, unseen, names)))
        # the docs keep their vocabulary, and there is one for each fold
        pipeline.nlp.vocab.reset_vectors(width=0)
    return _warned(pooled(parts, folder))


def _predict(
    pipeline: "Pipeline", file: Path, examples: list[Example], names: dict[str, str]
) -> "Predictions":
    from spacy_ner_archs.evaluation.predict import predictions_of

    with failing(f"{pipeline.name}: can't predict"):
        return predictions_of(pipeline, file, examples, names)


def _warned(predictions: "Predictions") -> "Predictions":
    from spacy_ner_archs.evaluation.predict import label_warning

    if warning := label_warning(predictions):
        typer.echo(warning, err=True)
    return predictions
