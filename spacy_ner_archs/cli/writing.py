"""How commands write what they make."""

from collections.abc import Mapping
from pathlib import Path

from spacy_ner_archs.cli.failing import failing
from spacy_ner_archs.drafts import replace_files


def make_folder(output: Path | None) -> None:
    """The folder of --output, if it was given; before the work, so that a mistake costs none."""
    if output is not None:
        with failing(f"--output {output}"):
            output.mkdir(parents=True, exist_ok=True)


def write_files(what: str, folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Put files into the folder, by their names: all of them or none. what: to blame."""
    with failing(what):
        replace_files({folder / name: text for name, text in files.items()})
