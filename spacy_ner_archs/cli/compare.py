"""`python -m spacy ner compare`"""

from pathlib import Path
from typing import Annotated

import srsly
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
from spacy_ner_archs.drafts import replace_files


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
    gpu_id: GpuOption = -1,
) -> None:
    """Tell whether one pipeline finds entities better than another.

    The difference of their strict F1 has a 95 % interval, and p-values by paired bootstrap and by
    approximate randomisation. With --output there is a page with the entities that one alone gets
    right.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.comparison import compare
    from spacy_ner_archs.evaluation.speed import folder_of
    from spacy_ner_archs.reporting.html import comparison_page
    from spacy_ner_archs.reporting.markdown import to_markdown
    from spacy_ner_archs.reporting.tables import comparison_tables
    from spacy_ner_archs.reporting.terminal import print_table

    if folder_of(first).resolve() == folder_of(second).resolve():
        fail(f"{first} and {second} are the same pipeline; give two")
    names_of_labels = label_names(label)
    if output is not None:
        with failing(f"--output {output}"):
            output.mkdir(parents=True, exist_ok=True)
    predicted = []
    for name in (first, second):
        pipeline = load_pipeline(name, gpu_id)
        examples = read_corpus(pipeline.nlp, corpus)
        predict_corpus(pipeline, examples, names_of_labels)
        predicted.append(examples)
    comparison = compare((first, second), *predicted)
    tables = comparison_tables(comparison)
    if output is not None:
        title = f"{first} and {second} on {corpus}"
        contents = {
            "comparison.json": srsly.json_dumps(comparison, indent=2),
            "comparison.html": comparison_page(title, comparison),
            "comparison.md": to_markdown(title, tables),
        }
        with failing(f"--output {output}"):
            replace_files({output / name: content for name, content in contents.items()})
    with printing():
        for table in tables:
            print_table(table)
        if output is not None:
            typer.echo(f"Wrote {output / 'comparison.html'}, comparison.md and comparison.json")
