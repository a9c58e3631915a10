"""The files of a corpus's folds: what is trained on and what is held out, written once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import md5
from pathlib import Path

import srsly
from pydantic import TypeAdapter
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab
from weasel.util import get_checksum

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.experiments.folds import Deal, deal

#: Written last: where it is, the other files are whole.
DEAL_FILE = "deal.json"


@dataclass(frozen=True)
class DealtFiles(Deal):
    """The contents of `deal.json`. files: MD5 sums by the files' names."""

    files: dict[str, str]


def train_file(folder: Path, fold: int) -> Path:
    """Of all Docs but those of a fold."""
    return folder / f"fold-{fold}" / "train.spacy"


def held_out_file(folder: Path, fold: int) -> Path:
    return folder / f"fold-{fold}" / "held_out.spacy"


def deal_into_files(corpus: Path, folder: Path, n_folds: int, seed: int) -> DealtFiles:
    """Deal a corpus into folds, and write two .spacy files for each into the folder; what it has is
    not written again.

    Raises ValueError, in one line, for what isn't a .spacy file, for fewer documents than folds,
    and where the folder has folds of another corpus or another deal, or changed ones.
    """
    if not (corpus.is_file() and corpus.suffix == ".spacy"):
        raise ValueError(f"{corpus}: folds are made of a .spacy file, and this is none")
    checksum = get_checksum(corpus)
    known = _known(folder)
    if known is not None:
        if (known.checksum, known.n_folds, known.seed) != (checksum, n_folds, seed):
            reason = f"has {known.n_folds} folds of {known.corpus}, dealt with seed {known.seed}"
            raise ValueError(f"{folder} {reason}, and not these; give another output folder")
        return known
    dealt, docs = _read(corpus)
    folds = deal(docs, n_folds, seed)
    contents: dict[Path, bytes] = {}
    for fold in range(n_folds):
        is_held_out = [each == fold for each in folds]
        for file, is_in in ((train_file, False), (held_out_file, True)):
            part = [doc for doc, held in zip(docs, is_held_out, strict=True) if held is is_in]
            contents[file(folder, fold)] = DocBin(dealt.attrs, True, part).to_bytes()
    files = {
        path.relative_to(folder).as_posix(): md5(content).hexdigest()
        for path, content in contents.items()
    }
    _refuse_others(contents)
    made = DealtFiles(str(corpus), checksum, seed, tuple(folds), files)
    replace_files({**contents, folder / DEAL_FILE: srsly.json_dumps(asdict(made))})
    return made


def _refuse_others(contents: Mapping[Path, bytes]) -> None:
    """Files that are there already must be empty or the same: of a deal that was stopped while it
    was written. Any other is somebody's, perhaps the corpus itself."""
    for path, content in contents.items():
        there = path.resolve()
        if there.exists() and not (there.is_file() and there.read_bytes() in (b"", content)):
            raise ValueError(f"{path} is there already; move it, or give another output folder")


def _known(folder: Path) -> DealtFiles | None:
    """What a folder has, None where it has nothing."""
    if not (folder / DEAL_FILE).is_file():
        return None
    known = TypeAdapter(DealtFiles).validate_json((folder / DEAL_FILE).read_bytes())
    for name, checksum in known.files.items():
        file = folder / name
        if not file.is_file() or get_checksum(file) != checksum:
            raise ValueError(f"{file} was changed or removed; give another output folder")
    return known


def _read(corpus: Path) -> tuple[DocBin, list[Doc]]:
    """The file's Docs that have tokens, and how they were stored."""
    try:
        stored = DocBin().from_disk(corpus)
        return stored, [doc for doc in stored.get_docs(Vocab()) if len(doc)]
    except Exception as error:  # zlib, msgpack and spaCy raise all kinds of them
        reason = f"not a .spacy file: {type(error).__name__}: {error}"
        raise ValueError(f"{corpus}: {reason}") from error
