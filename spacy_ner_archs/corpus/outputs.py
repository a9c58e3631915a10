"""The .spacy files that a conversion writes."""

from collections.abc import Iterable
from pathlib import Path

from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.split import PARTS


def one_file(output: Path) -> Path:
    """Raises ConversionError for another name than that of a .spacy file."""
    if output.suffix != ".spacy":
        raise ConversionError(
            f"{output}: spaCy reads .spacy files only; name the output so, or give --split "
            "for a folder"
        )
    return output


def part_paths(output: Path, parts: Iterable[str]) -> dict[str, Path]:
    """The files of a split, in a folder. Raises ConversionError for a file's name, and for a folder
    that has other parts."""
    if output.suffix == ".spacy":
        raise ConversionError(f"{output}: with --split the output is a folder; name one")
    paths = {name: output / f"{name}.spacy" for name in parts}
    for stale in (output / f"{name}.spacy" for name in PARTS if name not in paths):
        if stale.exists():
            raise CorpusError(stale, None, "is a part of another split; delete it first")
    return paths
