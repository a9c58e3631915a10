"""`python -m spacy ner compare`"""

from pathlib import Path
from typing import Annotated

import typer

from spacy_ner_archs.cli.failing import fail, needs
from spacy_ner_archs.cli.predicting import (
    GpuOption,
    LabelOption,
    LabelsOption,
    label_names,
    load,
    predict,
    read,
    use_gpu,
)
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.writing import make_folder, write_files


def compare_cli(
    first: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    second: Annotated[str, typer.Argument(help="Another one; any spaCy pipeline with entities")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file with entities")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder for comparison.json, comparison.md and comparison.html"
        ),
    ] = None,
    label: LabelOption = None,
    labels: LabelsOption = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Tell whether one pipeline finds entities better than another.

    The difference of their strict F1 has a 95 % interval, and p-values by paired bootstrap and by
    approximate randomisation. With --output there is a page with the entities that one alone gets
    right.
    """
    needs("project", "comparisons")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.comparison import compare
    from spacy_ner_archs.pipeline.folder import folder_of
    from spacy_ner_archs.reporting.conclusions import comparison_headline
    from spacy_ner_archs.reporting.files import comparison_files
    from spacy_ner_archs.reporting.tables import comparison_tables, without_confidence
    from spacy_ner_archs.reporting.terminal import print_table

    if folder_of(first).resolve() == folder_of(second).resolve():
        fail(f"{first} and {second} are the same pipeline; give two")
    names = label_names(label, labels)
    make_folder(output)
    use_gpu(gpu_id)
    predictions = []
    for name in (first, second):
        pipeline = load(name)
        predictions.append(predict(pipeline, corpus, read(pipeline, corpus), names))
    comparison = compare(*predictions)
    if output is not None:
        write_files(f"--output {output}", output, comparison_files(comparison))
    with printing():
        for table in comparison_tables(comparison):
            print_table(table)
        for line in without_confidence(comparison):
            typer.echo(line)
        if output is not None:
            typer.echo(f"Wrote {output / 'comparison.html'}, comparison.md and comparison.json")
        typer.echo(comparison_headline(comparison))
