"""`python -m spacy ner calibrate`"""

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.predicting import GpuOption, load_pipeline, read_corpus
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import draft_of_folder

if TYPE_CHECKING:
    from spacy.language import Language

    from spacy_ner_archs.decoders.calibration import Calibration
    from spacy_ner_archs.evaluation.dev_scores import DevScores
    from spacy_ner_archs.evaluation.fit_threshold import Guarantee


def calibrate_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    dev: Annotated[Path, typer.Argument(help=".spacy file with entities, not of the training")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the calibrated pipeline; can be MODEL's"),
    ] = None,
    precision: Annotated[
        float | None, typer.Option("--precision", help="Sets a threshold that keeps it: 0.95")
    ] = None,
    recall: Annotated[
        float | None, typer.Option("--recall", help="Sets a threshold that keeps it: 0.9")
    ] = None,
    by_label: Annotated[
        bool, typer.Option("--by-label", help="A threshold for each label, which keeps it")
    ] = False,
    spans: Annotated[
        str | None,
        typer.Option(
            "--spans", help="Keep the recall in doc.spans[KEY], where candidates can overlap"
        ),
    ] = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Make a pipeline's entity probabilities right as often as they say.

    Finds temperatures on dev data, and prints how good the probabilities are before and after. With
    --precision or --recall it also finds a threshold that keeps it on new docs like those of dev,
    with a guarantee. Nothing is written without --output.
    """
