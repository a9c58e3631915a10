"""`python -m spacy ner predict`"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predict_options import (
    PIPE,
    SOME_FAILED,
    begun,
    check_options,
    output_of,
    parsed_threshold,
)
from spacy_ner_archs.cli.predicting import GpuOption
from spacy_ner_archs.cli.printing import printing

if TYPE_CHECKING:
    from spacy_ner_archs.inference.reading.files import Inputs
    from spacy_ner_archs.inference.reading.record import Record
    from spacy_ner_archs.inference.run import Output, Totals
    from spacy_ner_archs.inference.shards import ShardWriter
    from spacy_ner_archs.inference.workers import Recipe

#: Texts that are read before the first are written to a pipe.
TEXTS_TO_PIPE = 1000


def predict_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Files or folders; - for a pipe")
    ],
    output: Annotated[Path, typer.Argument(help="A file, a folder of shards, or - for a pipe")],
    text_key: Annotated[
        str,
        typer.Option(
            "--text-key", "--text-column", help="Where the texts are in JSON, CSV and Parquet"
        ),
    ] = "text",
    input_format: Annotated[
        str | None,
        typer.Option(help="text, jsonl, csv, parquet, conll or spacy  [default: by the names]"),
    ] = None,
    output_format: Annotated[
        str | None,
        typer.Option(
            help="jsonl, jsonl.gz, parquet, conll, conll-probabilities, spacy or html  [default: "
            "by the name, else jsonl]"
        ),
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(help="0.5, or PER=0.7 for one label: see the component's setting"),
    ] = None,
    candidates: Annotated[
        float | None, typer.Option(help="Write all spans of at least this probability, too")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(help="1 or more  [default: one a thread of torch, 1 with a transformer]"),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Texts computed together  [default: the pipeline's]")
    ] = None,
    shard_size: Annotated[
        int, typer.Option(help="Texts in a shard: what is computed and written at a time")
    ] = 5_000,
    dtype: Annotated[
        str,
        typer.Option(help="float32, bfloat16, or auto: bfloat16 where the machine is made for it"),
    ] = "auto",
    gpu_id: GpuOption = -1,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Compute on a Ray cluster: HOST:6379, auto, or local",
        ),
    ] = None,
    cpus: Annotated[int, typer.Option(help="Of each process on Ray")] = 1,
    gpus: Annotated[float, typer.Option(help="Of each process on Ray; may be a part of one")] = 0.0,
) -> None:
    """Find the entities of many texts.

    Reads text (a text a line), JSONL, CSV and Parquet, and CoNLL and .spacy with their tokens; all
    but Parquet and .spacy may be packed (.gz). Writes JSONL, Parquet, CoNLL, .spacy or HTML, by the
    ending of OUTPUT; without an ending, OUTPUT is a folder of shards.

    A run that was stopped goes on with the same command. Texts that fail are written to a file of
    their own, with the reason, and the exit status is 3.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.inference.predictor import Settings
    from spacy_ner_archs.inference.reading.files import Inputs
    from spacy_ner_archs.inference.run import check, check_apart, default_processes
    from spacy_ner_archs.inference.workers import Recipe
    from spacy_ner_archs.torch_layers.threads import number_of_threads

    check_options(
        input_format,
        {"processes": processes, "batch-size": batch_size, "shard-size": shard_size, "cpus": cpus},
    )
    target = output_of(output, output_format)
    with failing("INPUT"):
        read = Inputs(inputs, input_format, text_key)
    if "parquet" in (target.format, *read.formats.values()):
        needs("parquet", "Parquet")
    if ray is not None:
        needs("ray", "Ray")
    if target.path != PIPE:
        with failing("OUTPUT"):
            check_apart((path for path in inputs if path != PIPE), target.path)
            check(target)
    with failing("--threshold"):
        wanted = Settings(parsed_threshold(threshold), candidates, batch_size, dtype)  # type: ignore[arg-type]
    recipe = Recipe(model, wanted, target.format, gpu_id)
    n_threads = number_of_threads()
    with failing(model):
        writer = recipe.make()
    n_processes = processes or default_processes(writer.nlp, gpu_id, n_threads)
    recipe = recipe._replace(n_processes=n_processes)
    with failing("INPUT"):
        records = begun(read)
    if ray is not None:
        totals = _run_on_ray(recipe, read, target, shard_size, ray, (processes, cpus, gpus))
        _tell(totals, target)
        return
    if target.path == PIPE:
        _print(writer, records)
        return
    totals = _run(recipe, writer, records, read, target, shard_size)
    _tell(totals, target)


def _run(
    recipe: "Recipe",
    writer: "ShardWriter",
    records: Iterable["Record"],
    read: "Inputs",
    output: "Output",
    shard_size: int,
) -> "Totals":
    from spacy_ner_archs.cli.predicting_progress import PredictingProgress
    from spacy_ner_archs.inference.run import run

    try:
        with failing("Stopped"), PredictingProgress(read) as progress:
            return run(recipe, writer, records, output, progress, shard_size)
    except KeyboardInterrupt:
        typer.echo(f"Stopped. The same command goes on (with {output.shards})", err=True)
        raise


def _run_on_ray(
    recipe: "Recipe",
    read: "Inputs",
    output: "Output",
    shard_size: int,
    address: str,
    processes: tuple[int | None, int, float],
) -> "Totals":
    """processes: how many, and the CPUs and GPUs of each."""
    if output.path == PIPE:
        fail("--ray: name a file or folder that all machines share as OUTPUT")
    with failing(f"--ray {address}"):
        from spacy_ner_archs.inference.on_ray import Actors, run_on_ray

        return run_on_ray(
            recipe, read, output, shard_size, address=address, actors=Actors(*processes)
        )


def _tell(totals: "Totals", output: "Output") -> None:
    with printing():
        typer.echo(
            f"Wrote {totals.texts:,} texts ({totals.words:,} words) with {totals.entities:,} "
            f"entities to {output.path}"
        )
    if totals.failed:
        where = output.path / "_failed" if output.is_folder else output.failed
        typer.echo(f"{totals.failed:,} texts failed: the reasons are in {where}", err=True)
        raise typer.Exit(SOME_FAILED)


def _print(writer: "ShardWriter", records: Iterable["Record"]) -> None:
    """Write to a pipe; texts that fail are told on the standard error."""
    from spacy_ner_archs.inference.shards import cut

    n_failed = 0
    with printing():
        for piece in cut(records, TEXTS_TO_PIPE):
            found, failed, counts = writer.encode(piece)
            sys.stderr.write(failed.decode())
            n_failed += counts.failed
            sys.stdout.buffer.write(found)
            sys.stdout.buffer.flush()
    if n_failed:
        raise typer.Exit(SOME_FAILED)
