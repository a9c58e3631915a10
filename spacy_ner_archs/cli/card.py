"""`python -m spacy ner card`"""

from pathlib import Path
from typing import Annotated

import srsly
import typer
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.packages import check_name, check_version


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
    """Write a pipeline's model card and meta.json from a report.

    The card is README.md in the pipeline's folder; python -m spacy package puts both files into
    the wheel. With --output a copy gets them, in place of an earlier copy of this command. A folder
    with anything else in it is refused.
    """
    needs("project", "model cards")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.report import read_report
    from spacy_ner_archs.reporting.card import check_about, check_meta, to_card, updated_meta
    from spacy_ner_archs.reporting.card_folder import check_target, write_copy

    if not (model / "meta.json").is_file():
        fail(f"{model}: no pipeline's folder")
    if output is not None:
        with failing(f"--output {output}"):
            check_target(model, output)
    with failing(str(model / "meta.json")):
        meta = check_meta(srsly.read_json(model / "meta.json"))
    if name is not None:
        with failing("--name"):
            check_name(name, meta["lang"])
        meta["name"] = name
    if version is not None:
        with failing("--version"):
            check_version(version)
        meta["version"] = version
    with failing(str(report)):
        scores = read_report(report)
    told = {}
    if about is not None and about.is_dir():
        about = about / "about.yml" if (about / "about.yml").is_file() else None
    if about is not None:
        with failing(str(about)):
            told = check_about(srsly.read_yaml(about))
    meta = updated_meta(meta, scores, told)
    card = to_card(meta, scores, told)
    folder = output or model
    with failing(str(folder)):
        if output is None:
            files = {"meta.json": srsly.json_dumps(meta, indent=2), "README.md": card}
            replace_files({model / file: content for file, content in files.items()})
        else:
            write_copy(model, output, meta, card)
    with printing():
        msg.good(f"Wrote {folder / 'README.md'} and meta.json")
