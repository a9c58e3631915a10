"""`python -m spacy ner card`"""

from pathlib import Path
from shutil import copytree, rmtree
from typing import Annotated

import srsly
import typer
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing


def card_cli(
    model: Annotated[Path, typer.Argument(help="Folder of the pipeline")],
    report: Annotated[Path, typer.Argument(help="report.json of: python -m spacy ner report")],
    about: Annotated[
        Path | None,
        typer.Option(
            "--about",
            help="YAML file: trained_on, sources, license, limits, cite, ...; or a folder, where "
            "its about.yml is read if there is one",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Copy the pipeline there, and leave MODEL as it is"),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the package, without the language")
    ] = None,
    version: Annotated[str | None, typer.Option("--version", help="Version of the package")] = None,
) -> None:
    """Write a pipeline's model card, README.md, and its meta.json, from a report.

    python -m spacy package puts both into the wheel.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.reporting.card import check_about, to_card, updated_meta

    if not (model / "meta.json").is_file():
        fail(f"{model}: no pipeline's folder")
    with failing(str(report)):
        scores = srsly.read_json(report)
        if not {"ents_per_type", "cost", "labels"} <= scores.keys():
            raise ValueError("not a report; make one with: python -m spacy ner report --output")
    told = {}
    if about is not None and about.is_dir():
        about = about / "about.yml" if (about / "about.yml").is_file() else None
    if about is not None:
        with failing(str(about)):
            told = check_about(srsly.read_yaml(about))
    with failing(str(model)):
        meta = updated_meta(srsly.read_json(model / "meta.json"), scores, told)
        meta.update({key: value for key, value in (("name", name), ("version", version)) if value})
        card = to_card(meta, scores, told)
    folder = model if output is None else output
    with failing(str(folder)):
        if folder != model:
            if (folder / "meta.json").is_file():  # an earlier one, of which nothing must be left
                rmtree(folder)
            copytree(model, folder)
        srsly.write_json(folder / "meta.json", meta)
        (folder / "README.md").write_text(card, encoding="utf-8")
    msg.good(f"Wrote {folder / 'README.md'} and meta.json")
