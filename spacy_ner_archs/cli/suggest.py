"""`python -m spacy ner suggest`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from spacy.cli._util import setup_gpu

from spacy_ner_archs.cli.convert_answers import are_answers
from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predict_options import PIPE, SOME_FAILED, begun, check_options
from spacy_ner_archs.cli.predicting import GpuOption, load
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import replace_files, try_file

if TYPE_CHECKING:
    from spacy_ner_archs.suggesting.suggest import Suggester

FORMATS = ("prodigy", "label-studio")
WAYS = ("entropy", "spans")
#: Of the reasons why texts failed.
MOST_SHOWN = 5


def suggest_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    texts: Annotated[
        list[Path], typer.Argument(metavar="TEXTS...", help="Files or folders; - for a pipe")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File of the tasks")] = Path(
        "tasks.jsonl"
    ),
    number: Annotated[int, typer.Option("--number", "-n", help="Tasks to suggest")] = 200,
    by: Annotated[
        str,
        typer.Option(
            help="entropy: texts to annotate, of which the pipeline is least sure. spans: single "
            "spans to accept or reject, which are an entity or not with a like probability"
        ),
    ] = "entropy",
    length_exponent: Annotated[
        float,
        typer.Option(
            help="With --by entropy: the entropy of n tokens is divided by n to this power. 0 "
            "prefers long texts, 1 short ones"
        ),
    ] = 0.5,
    repeated: Annotated[
        float,
        typer.Option(
            help="What a doubt is worth relative to the last time, once a task has it. 1 doesn't "
            "mind tasks that are alike"
        ),
    ] = 0.5,
    exclude: Annotated[
        list[Path] | None,
        typer.Option(help="Leave out the texts of this file, as of answers; can be repeated"),
    ] = None,
    format: Annotated[
        str, typer.Option("--format", "-f", help="prodigy (JSONL) or label-studio (JSON)")
    ] = "prodigy",
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
    gpu_id: GpuOption = -1,
) -> None:
    """Suggest which texts or spans to annotate next.

    They are those whose annotation would teach a pipeline most.

    Reads texts as predict does, and writes tasks for Prodigy or Label Studio, the best first. The
    entities that the pipeline finds are marked, to be corrected. Once a doubt is on the list, texts
    with the same doubt are worth less. A text is on the list once.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.annotators.writing import formats
    from spacy_ner_archs.inference.reading.files import Inputs
    from spacy_ner_archs.inference.run import check_apart
    from spacy_ner_archs.suggesting.question import ask_for_spans, ask_for_texts
    from spacy_ner_archs.suggesting.suggest import Suggester

    check_options(input_format, {"number": number})
    _choose("--format", format, FORMATS)
    _choose("--by", by, WAYS)
    _check_shares({"--length-exponent": length_exponent, "--repeated": repeated})
    with failing("TEXTS"):
        read = Inputs(texts, input_format, text_key)
    if "parquet" in read.formats.values():
        needs("parquet", "Parquet")
    with failing("--output"):
        check_apart((path for path in [*texts, *(exclude or [])] if path != PIPE), output)
        try_file(output)
    answered = frozenset().union(*map(_texts_in, exclude or []))
    with failing(f"--gpu-id {gpu_id}"):
        setup_gpu(gpu_id, silent=True)
    nlp = load(model).nlp
    ask = ask_for_texts(length_exponent) if by == "entropy" else ask_for_spans
    with failing(model):
        suggester = Suggester(nlp, ask, number, repeated, answered)
    with failing("TEXTS"):
        records = begun(read)
    with failing(f"{model}: can't suggest"):
        tasks = suggester(records)
    with failing("--output"):
        replace_files({output: formats.FORMATS[format](tasks)})
    _tell(suggester, len(tasks), output)


def _choose(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        fail(f"{option} {value}: give one of {', '.join(choices)}")


def _check_shares(options: dict[str, float]) -> None:
    for option, value in options.items():
        if not 0 <= value <= 1:
            fail(f"{option} {value:g}: give a number from 0 to 1")


def _texts_in(path: Path) -> set[str]:
    from spacy_ner_archs.annotators.reading.texts import texts_in
    from spacy_ner_archs.inference.reading.files import Inputs

    with failing("--exclude"):
        if are_answers(path):
            return texts_in(path)
        return {str(r.text) for r in Inputs([path], None, "text") if r.text is not None}


def _tell(suggester: "Suggester", n_tasks: int, output: Path) -> None:
    with printing():
        left_out = f", {suggester.n_excluded:,} left out" if suggester.n_excluded else ""
        typer.echo(f"Wrote {n_tasks:,} tasks to {output}, of {suggester.n_texts:,} texts{left_out}")
    if suggester.failed:
        for place, reason in suggester.failed[:MOST_SHOWN]:
            typer.echo(f"{place}: {reason}", err=True)
        typer.echo(f"{len(suggester.failed):,} texts failed", err=True)
        raise typer.Exit(SOME_FAILED)
