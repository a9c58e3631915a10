"""`python -m spacy ner report`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import (
    GpuOption,
    LabelOption,
    LabelsOption,
    label_names,
    load,
    predict,
    predict_out_of_fold,
    read,
    use_gpu,
)
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.writing import make_folder, write_files
from spacy_ner_archs.corpus.schemes import SCHEMES

if TYPE_CHECKING:
    from spacy_ner_archs.evaluation.training_log import Point
    from spacy_ner_archs.experiments.out_of_fold import Judge


def report_cli(
    model: Annotated[
        str,
        typer.Argument(
            help="Name of an installed pipeline, or its folder; or that of a cross-validated run"
        ),
    ],
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
    labels: LabelsOption = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Score a pipeline's entities, and show what it gets wrong.

    Entities are scored strictly, by spaCy's scorer, and seqeval must agree, where all tokens are
    annotated and are the pipeline's own. Where the corpus was converted from CoNLL or GMB text,
    the pipeline gets its tokens. With --output there is a page with all scores, confusions, each
    wrong entity in its sentence, and the curves of the training (--log). Of a cross-validated run
    (grid --folds), each Doc of its corpus is predicted by the pipeline that hasn't seen it.
    """
    needs("project", "reports")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.entities import scorers_agree
    from spacy_ner_archs.evaluation.make_report import make_report
    from spacy_ner_archs.reporting.conclusions import headline, mistake_lines
    from spacy_ner_archs.reporting.files import report_files
    from spacy_ner_archs.reporting.tables import NO_CONFIDENCE, terminal_tables
    from spacy_ner_archs.reporting.terminal import print_table

    if tags not in SCHEMES:
        fail(f"--tags {tags}: give one of {', '.join(SCHEMES)}")
    names = label_names(label, labels)
    judges = _judges(model, corpus, train)
    runs = _read_logs(logs or [judge.log for judge in judges])
    make_folder(output)
    use_gpu(gpu_id)
    if judges:
        train_docs = None
        predictions = predict_out_of_fold(model, judges, corpus, names)
    else:
        pipeline = load(model)
        examples = read(pipeline, corpus)
        train_docs = None if train is None else [eg.reference for eg in read(pipeline, train)]
        predictions = predict(pipeline, corpus, examples, names)
    with failing(str(corpus)):
        report = make_report(predictions, tags, train_docs, runs)  # type: ignore[arg-type]
    if output is not None:
        write_files(f"--output {output}", output, report_files(report))
    with printing():
        for table in terminal_tables(report):
            print_table(table)
        if report.confidence is None:
            typer.echo(f"{model}: {NO_CONFIDENCE}")
        if output is not None:
            typer.echo(f"Wrote {output / 'report.html'}, report.md, report.json and pictures")
        for line in mistake_lines(report):
            typer.echo(line)
        typer.echo(headline(report))
    if not scorers_agree(report.ents_f, report.seqeval_f):
        fail(f"spaCy's F1 {report.ents_f} and seqeval's {report.seqeval_f} differ")


def _judges(model: str, corpus: Path, train: Path | None) -> "list[Judge]":
    """Of a cross-validated run; none of a pipeline."""
    from spacy_ner_archs.experiments.out_of_fold import is_cross_validated, judges_of

    if not is_cross_validated(Path(model)):
        return []
    if train is not None:
        fail(f"--train {train}: a cross-validated run's training data are the other folds")
    with failing(model):
        return judges_of(Path(model), corpus)


def _read_logs(logs: list[Path]) -> "dict[str, list[Point]]":
    from spacy_ner_archs.evaluation.training_log import log_names, read_log

    runs = {}
    for log, name in zip(logs, log_names(logs), strict=True):
        with failing(f"--log {log}"):
            points = read_log(log)
        if points:
            runs[name] = points
        else:
            reason = "empty" if log.exists() else "no such file"
            typer.echo(f"--log {log}: {reason}; the report has no curves of it", err=True)
    return runs
