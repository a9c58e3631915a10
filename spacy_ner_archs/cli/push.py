"""`python -m spacy ner push`"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import srsly
import typer
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.printing import printing

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def push_cli(
    model: Annotated[Path, typer.Argument(help="Folder of the pipeline, with its model card")],
    name: Annotated[str, typer.Argument(help="Repository, such as me/en_ner_bilstm_crf")],
    wheel: Annotated[
        Path | None, typer.Option("--wheel", help="The pipeline's wheel, for pip install")
    ] = None,
    message: Annotated[
        str | None,
        typer.Option("--message", "-m", help="Of the commit; by default the name and version"),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            help="Name of the corpus that the scores are of; by default the first of meta.json's "
            "sources",
        ),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Show the repository to its members only")
    ] = False,
) -> None:
    """Upload a pipeline to the Hugging Face hub.

    The repository is made if it isn't there. One commit has the pipeline's files, its model card
    with the front matter that the hub reads, and the wheel if it is given. MODEL stays as it is.
    """
    needs("hub", "pushing")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.publishing.hub import push
    from spacy_ner_archs.publishing.hub_card import first_source
    from spacy_ner_archs.publishing.pipeline_files import others, pipeline_files

    meta = _meta(model)
    with failing(str(model / "meta.json")):
        dataset = dataset or first_source(meta)
    files: dict[str, Path | bytes] = dict(pipeline_files(model, meta))
    files["README.md"] = _card(model, meta, dataset)
    if wheel is not None:
        files[wheel.name] = _wheel(wheel, meta)
    api = _api(name)
    with failing(name):
        message = message or f"{meta['lang']}_{meta['name']} {meta['version']}"
        repository = push(api, name, files, meta, message=message, private=private)
    with printing():
        if left_out := others(model, meta):
            msg.info(f"Left out, as no part of the pipeline: {_first(left_out)}")
        if dataset is None:
            msg.info("The scores are in the card only; --dataset names their corpus for the hub")
        msg.good(f"Pushed {len(files)} files to {api.endpoint}/{repository}")


def _meta(model: Path) -> dict[str, Any]:
    from spacy_ner_archs.reporting.card import check_meta

    if not all((model / file).is_file() for file in ("meta.json", "config.cfg")):
        fail(f"{model}: no pipeline's folder")
    with failing(str(model / "meta.json")):
        return check_meta(srsly.read_json(model / "meta.json"))


def _card(model: Path, meta: Mapping[str, Any], dataset: str | None) -> bytes:
    from spacy_ner_archs.publishing.hub_card import to_hub_card

    if not (model / "README.md").is_file():
        fail(f"{model}: no model card; write one with: python -m spacy ner card")
    with failing(str(model / "README.md")):
        card = (model / "README.md").read_text(encoding="utf-8")
        return to_hub_card(card, meta, dataset).encode()


def _wheel(wheel: Path, meta: Mapping[str, Any]) -> Path:
    from spacy_ner_archs.publishing.wheel import check_wheel

    with failing(f"--wheel {wheel}"):
        check_wheel(wheel, meta)
    return wheel


def _first(names: list[str], most: int = 10) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _api(name: str) -> "HfApi":
    """The hub's. Ends the command for a name that no repository can have, and without a token."""
    from huggingface_hub import HfApi, get_token
    from huggingface_hub.utils import validate_repo_id

    with failing("NAME"):
        validate_repo_id(name)
    if get_token() is None:
        fail("no token of the Hugging Face hub: run hf auth login, or set HF_TOKEN")
    return HfApi()
