"""`python -m spacy ner report`"""

from collections.abc import Mapping, Sequence
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.predicting import (
    GpuOption,
    LabelOption,
    label_names,
    load_pipeline,
    predict_corpus,
    read_corpus,
)
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.corpus.schemes import SCHEMES
from spacy_ner_archs.drafts import replace_files

if TYPE_CHECKING:
    from spacy_ner_archs.evaluation.training_log import Point


def report_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file with entities")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for report.json, .md and .html"),
    ] = None,
    tags: Annotated[
        str, typer.Option("--tags", help=f"Scheme of the tokens' tags: {', '.join(SCHEMES)}")
    ] = "iob2",
    train: Annotated[
        Path | None,
        typer.Option("--train", help=".spacy file of the training data: scores new names apart"),
    ] = None,
    logs: Annotated[
        list[Path] | None,
        typer.Option("--log", help="JSONL file of spaCy's console logger; several are compared"),
    ] = None,
    label: LabelOption = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Score a pipeline's entities, and show what it gets wrong.

    Entities are scored strictly, by spaCy's scorer, and seqeval must agree, where all tokens are
    annotated and are the pipeline's own. Where the corpus was converted from CoNLL or GMB text,
    the pipeline gets its tokens. With --output there is a page with all scores, confusions, each
    wrong entity in its sentence, and the curves of the training (--log).
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.entities import scorers_agree
    from spacy_ner_archs.evaluation.report import make_report
    from spacy_ner_archs.evaluation.slices import names_in
    from spacy_ner_archs.evaluation.training_log import read_log
    from spacy_ner_archs.reporting.tables import (
        cost_table,
        entity_table,
        error_table,
        headline,
        tag_table,
    )
    from spacy_ner_archs.reporting.terminal import print_table

    if tags not in SCHEMES:
        fail(f"--tags {tags}: give one of {', '.join(SCHEMES)}")
    names_of_labels = label_names(label)
    runs = {}
    for log, name in zip(logs or [], _run_names(logs or []), strict=True):
        with failing(f"--log {log}"):
            points = read_log(log)
        if points:
            runs[name] = points
        else:
            reason = "empty" if log.exists() else "no such file"
            typer.echo(f"--log {log}: {reason}; the report has no curves of it", err=True)
    if output is not None:
        with failing(f"--output {output}"):
            output.mkdir(parents=True, exist_ok=True)
    pipeline = load_pipeline(model, gpu_id)
    examples = read_corpus(pipeline.nlp, corpus)
    names = None
    if train is not None:
        names = names_in(example.reference for example in read_corpus(pipeline.nlp, train))
    words_per_second = predict_corpus(pipeline, examples, names_of_labels)
    with failing(str(corpus)):
        report = make_report(examples, tags, names)  # type: ignore[arg-type]
    report["cost"] = {
        "words_per_second": round(words_per_second),
        "load_seconds": pipeline.load_seconds,
        "bytes": pipeline.size,
    }
    report["model"], report["corpus"]["file"] = model, str(corpus)
    report["labels"] = pipeline.labels
    if output is not None:
        contents = _contents(report, runs)
        with failing(f"--output {output}"):
            replace_files({output / name: content for name, content in contents.items()})
    with printing():
        for table in (entity_table, error_table, tag_table, cost_table):
            print_table(table(report))
        if output is not None:
            typer.echo(f"Wrote {output / 'report.html'}, report.md, report.json and pictures")
        typer.echo(headline(report))
    if not scorers_agree(report):
        fail(f"spaCy's F1 {report['ents_f']} and seqeval's {report['seqeval_f']} differ")


def _run_names(logs: list[Path]) -> list[str]:
    """What their paths differ in."""
    folders = [log.resolve().parent for log in logs]
    if len(folders) == 1:
        return [folders[0].name]
    if len(set(folders)) < len(folders) or not folders:
        return [str(log) for log in logs]
    common = commonpath(folders)
    return [folder.relative_to(common).as_posix() for folder in folders]


def _contents(report: dict[str, Any], runs: "Mapping[str, Sequence[Point]]") -> dict[str, str]:
    """The report's files by their names."""
    import srsly

    from spacy_ner_archs.reporting.html import report_page
    from spacy_ner_archs.reporting.markdown import to_markdown
    from spacy_ner_archs.reporting.pictures import pictures_of
    from spacy_ner_archs.reporting.tables import all_tables

    title = f"{report['model']} on {report['corpus']['file']}"
    report["training"] = {
        name: [point._asdict() for point in points] for name, points in runs.items()
    }
    pictures = pictures_of(report, runs)
    files = {f"pictures/{name.replace(' ', '_')}.svg": each for name, each in pictures.items()}
    images = {file: picture.description for file, picture in files.items()}
    return {
        **{file: picture.svg for file, picture in files.items()},
        "report.json": srsly.json_dumps(report, indent=2),
        "report.md": to_markdown(title, all_tables(report), images),
        "report.html": report_page(title, report, pictures),
    }
