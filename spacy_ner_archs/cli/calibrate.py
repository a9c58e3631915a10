"""`python -m spacy ner calibrate`"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.output_folder import refuse_nested, resolved_folder
from spacy_ner_archs.cli.predicting import GpuOption, load, read, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import draft_of_folder

if TYPE_CHECKING:
    from spacy.language import Language

    from spacy_ner_archs.evaluation.fit_threshold import Goal


def calibrate_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    dev: Annotated[Path, typer.Argument(help=".spacy file with entities, not the training data")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder of the calibrated pipeline, as MODEL itself"),
    ] = None,
    precision: Annotated[
        float | None, typer.Option("--precision", help="Find a threshold that keeps it, as 0.95")
    ] = None,
    recall: Annotated[
        float | None, typer.Option("--recall", help="Find a threshold that keeps it, as 0.9")
    ] = None,
    by_label: Annotated[
        bool, typer.Option("--by-label", help="Keep the precision or recall of each label")
    ] = False,
    spans: Annotated[
        str | None,
        typer.Option(
            "--spans", help="Keep the recall of the candidates in doc.spans under this key"
        ),
    ] = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Calibrate a pipeline's probabilities, and find thresholds.

    Finds temperatures, so that of the entities with a probability of 0.9 nine in ten are right, and
    prints how far the probabilities can be trusted before and after. With --precision or --recall,
    finds a threshold that keeps it on new docs like those of dev. Entities don't overlap, so a high
    recall may need the candidates (--spans). Without --output nothing is written.
    """
    needs("project", "calibration")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.dev_scores import DevScores
    from spacy_ner_archs.evaluation.fit_calibration import fit_calibration
    from spacy_ner_archs.evaluation.fit_threshold import fit_threshold
    from spacy_ner_archs.pipeline.change_settings import change_settings
    from spacy_ner_archs.reporting.calibration_tables import figure_table, threshold_table
    from spacy_ner_archs.reporting.terminal import print_table

    goal = _goal(precision, recall, by_label=by_label, spans_key=spans)
    if output is not None:
        _check_output(output, model)
    use_gpu(gpu_id)
    pipeline = load(model)
    examples = read(pipeline, dev)
    with failing(model):
        scores = DevScores(pipeline.nlp, examples)
    with failing(str(dev)):
        found = fit_calibration(scores)
        tables = [figure_table(found)]
        scores.tagger.cfg.update(found.calibration._asdict())
        if goal is not None:
            chosen = fit_threshold(scores, found.calibration, goal)
            change_settings(pipeline.nlp, scores.tagger.name, chosen.settings)
            pipeline.nlp.meta["performance"] = {}
            tables.append(threshold_table(goal, chosen))
    if output is not None:
        with failing(f"--output {output}"):
            _write(pipeline.nlp, output, model)
    with printing():
        for table in tables:
            print_table(table)
        written = "Nothing is written; give --output" if output is None else f"Wrote {output}"
        typer.echo(written)


def _goal(
    precision: float | None, recall: float | None, *, by_label: bool, spans_key: str | None
) -> "Goal | None":
    from spacy_ner_archs.evaluation.fit_threshold import Goal

    asked = {"precision": precision, "recall": recall}
    given = {measure: share for measure, share in asked.items() if share is not None}
    if len(given) > 1:
        fail("give --precision or --recall, not both: one threshold can't keep two")
    for measure, share in given.items():
        if not 0 < share < 1:
            fail(f"--{measure} {share:g}: give a number between 0 and 1, as 0.95")
        if spans_key is not None and measure == "precision":
            fail("--spans: candidates overlap, so that most are wrong; give it with --recall")
        return Goal(measure, share, by_label, spans_key)
    if by_label or spans_key is not None:
        fail(f"{'--by-label' if by_label else '--spans'}: give --precision or --recall, too")
    return None


def _check_output(output: Path, model: str) -> None:
    if _is_own_folder(output, model):
        return
    refuse_nested(output, model)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        fail(f"--output {output}: exists already; give a new folder, or {model} itself")


def _is_own_folder(output: Path, model: str) -> bool:
    """An installed package's folder isn't a pipeline's."""
    return output.resolve() == resolved_folder(model) and (output / "config.cfg").exists()


def _write(nlp: "Language", output: Path, model: str) -> None:
    """Where a pipeline is replaced, what is beside its files stays, such as a README."""
    with draft_of_folder(output) as draft:
        if _is_own_folder(output, model):
            shutil.copytree(output, draft)
        nlp.to_disk(draft)
