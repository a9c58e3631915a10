"""`python -m spacy ner complete`"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import GpuOption, load, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import replace_files, try_file


def complete_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file in which annotation is missing")],
    output: Annotated[Path, typer.Argument(help=".spacy file to write")],
    entities: Annotated[
        float,
        typer.Option(
            "--entities", min=0, max=1, help="Fill in entities with at least this probability"
        ),
    ] = 0.8,
    outside: Annotated[
        float,
        typer.Option("--outside", min=0, max=1, help="Fill in O with at least this probability"),
    ] = 0.9,
    wrong: Annotated[
        float,
        typer.Option(
            "--wrong", min=0, max=1, help="Take away annotated entities with a lower probability"
        ),
    ] = 0.1,
    gpu_id: GpuOption = -1,
) -> None:
    """Fill in missing annotation where a pipeline is sure.

    Tokens of which the pipeline isn't sure stay without annotation. Training on the new corpus is
    self-training. Annotated entities that the pipeline finds improbable become missing.
    """
    needs("project", "completing a corpus")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.auditing.completion import SureLimits, completions
    from spacy_ner_archs.auditing.corpus_file import read_corpus
    from spacy_ner_archs.auditing.retag import retagged
    from spacy_ner_archs.corpus.schemes import MISSING, OUTSIDE
    from spacy_ner_archs.pipeline.find_tagger import find_tagger

    if output.suffix != ".spacy":
        fail(f"{output}: spaCy reads .spacy files only; name the output so")
    if output.resolve() == corpus.resolve():
        fail(f"{output}: it would take the place of the corpus; give another file")
    with failing(str(corpus)):
        read = read_corpus(corpus)
    with failing(str(output)):
        try_file(output)
    use_gpu(gpu_id)
    pipeline = load(model)
    with failing(model):
        changes = list(completions(pipeline.nlp, read.docs, SureLimits(entities, outside, wrong)))
    with failing(str(output)):
        replace_files({output: retagged(read.docbin, changes)})
    not_judged = Counter(ent.label_ for doc in read.docs for ent in doc.ents)
    for label in find_tagger(pipeline.nlp).labels:
        del not_judged[label]
    done = Counter(change.tag for change in changes)
    taken, empty = done.pop(MISSING, 0), done.pop(OUTSIDE, 0)
    with printing():
        if not_judged:
            told = ", ".join(f"{label} ({n:,})" for label, n in sorted(not_judged.items()))
            typer.echo(f"Left as they are, as the pipeline doesn't have their labels: {told}")
        typer.echo(
            f"Filled in {done.total():,} entities and {empty:,} tokens with O; took away "
            f"{taken:,} entities"
        )
        typer.echo(f"Wrote {output}")
