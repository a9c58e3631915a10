"""`python -m spacy ner ensemble`"""

from pathlib import Path
from typing import Annotated

import typer
from spacy.util import load_model
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import draft_of_folder


def ensemble_cli(
    models: Annotated[
        list[str], typer.Argument(help="Two or more pipelines: names of installed ones, or folders")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the new pipeline")],
) -> None:
    """Make one pipeline of several that have the same labels.

    Its tagger has the means of their emissions and transitions. It is packaged like any other:
    python -m spacy package.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.pipeline.ensemble import make_ensemble

    if len(models) < 2:
        fail("give two pipelines or more")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        fail(f"--output {output}: exists already; give a new folder")
    pipelines = []
    for model in models:
        with failing(model):
            pipelines.append(load_model(model))
    with failing("these pipelines can't be made into one"):
        nlp = make_ensemble(pipelines)
    with failing(f"--output {output}"), draft_of_folder(output) as draft:
        nlp.to_disk(draft)
    with printing():
        msg.good(f"Saved a pipeline of {len(models)} taggers to {output}")
