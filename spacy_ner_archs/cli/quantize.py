"""`python -m spacy ner quantize`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.output_folder import refuse_nested
from spacy_ner_archs.cli.predicting import load, predict, read
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import draft_of_folder

if TYPE_CHECKING:
    from spacy_ner_archs.evaluation.predict import Predictions


def quantize_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    output: Annotated[Path, typer.Argument(help="Folder of the new pipeline")],
    corpus: Annotated[
        Path | None,
        typer.Option("--corpus", help=".spacy file: compare the entities of both pipelines"),
    ] = None,
) -> None:
    """Store a pipeline with its transformers in 8 bits.

    The new pipeline is smaller, and faster on processors. It needs the extra onnx, can't be
    trained, and is packaged like any other. With --corpus, prints the F1 and the words a second
    of both, and how many entities only one finds.
    """
    needs("onnx", "quantized transformers")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.pipeline.quantize import quantize_pipeline

    _check_output(output, model)
    original = load(model)
    before = None
    if corpus is not None:
        before = predict(original, corpus, read(original, corpus), {})
    with failing(model):
        n_quantized = quantize_pipeline(original.nlp)
    with failing(f"OUTPUT {output}"), draft_of_folder(output) as draft:
        original.nlp.to_disk(draft)
    quantized = load(str(output))
    lines = [f"Size: {_megabytes(original.bytes)} before, {_megabytes(quantized.bytes)} after"]
    if before is not None and corpus is not None:
        after = predict(quantized, corpus, read(quantized, corpus), {})
        lines += _comparison(before, after)
    with printing():
        for line in lines:
            typer.echo(line)
        typer.echo(f"Wrote {output}, with {n_quantized} quantized transformer(s)")


def _check_output(output: Path, model: str) -> None:
    refuse_nested(output, model)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        fail(f"OUTPUT {output}: exists already; give a new folder")


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB"


def _comparison(before: "Predictions", after: "Predictions") -> list[str]:
    from spacy.scorer import get_ner_prf

    f1 = [100 * (get_ner_prf(each.examples)["ents_f"] or 0.0) for each in (before, after)]
    speed = [each.cost.words_per_second for each in (before, after)]
    one, other = (_entities(each) for each in (before, after))
    return [
        f"F1: {f1[0]:.2f} before, {f1[1]:.2f} after",
        f"Entities: {len(one - other)} of {len(one)} only before, {len(other - one)} only after",
        f"Words a second: {speed[0]:,} before, {speed[1]:,} after",
    ]


def _entities(predictions: "Predictions") -> set[tuple[int, int, int, str]]:
    return {
        (i, ent.start, ent.end, ent.label_)
        for i, example in enumerate(predictions.examples)
        for ent in example.predicted.ents
    }
