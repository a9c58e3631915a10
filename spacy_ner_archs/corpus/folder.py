"""A folder with the files of a corpus."""

from pathlib import Path

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.split import PARTS

SUFFIXES = (".conll", ".csv")


def part_files(folder: Path) -> dict[str, Path]:
    """train.conll, dev.conll and test.conll, by the parts' names. Raises CorpusError where one is
    missing."""
    files = {part: folder / f"{part}.conll" for part in PARTS}
    for path in files.values():
        if not path.is_file():
            reason = "no such file; a folder has train.conll, dev.conll and test.conll"
            raise CorpusError(path, None, f"{reason}, or one file and --split")
    return files


def only_file(folder: Path) -> Path:
    """The one CoNLL or CSV file of a folder, to be split. Raises CorpusError where there isn't one,
    or more than one."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if len(files) != 1:
        found = ", ".join(path.name for path in files) or "none"
        reason = f"with --split a folder has one .conll or .csv file, and this one has {found}"
        raise CorpusError(folder, None, reason)
    return files[0]
