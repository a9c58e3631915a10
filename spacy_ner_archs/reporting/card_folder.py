"""A folder with a copy of a pipeline and its model card, which may be replaced by a newer one."""

import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from shutil import Error, copytree
from typing import Any

import srsly

from spacy_ner_archs.drafts import draft_of_folder

#: The key of meta.json that only such a copy has: the digest of all else in it.
MARK = "model_card"


def check_target(model: Path, folder: Path) -> None:
    """Whether a copy of the pipeline can take the folder's place. Raises ValueError, in one line,
    where one of them is in the other, and for a folder with anything in it that isn't such a copy,
    unchanged."""
    source, target = model.resolve(), folder.resolve()
    if source == target or source in target.parents or target in source.parents:
        raise ValueError(
            f"it and the pipeline, {model}, can't lie in each other; give another folder"
        )
    if target.is_dir() and any(target.iterdir()) and not _is_copy(target):
        raise ValueError(
            "it has other files than those of a model card, or changed ones; give a new folder, or "
            "remove this one"
        )


def write_copy(model: Path, folder: Path, meta: Mapping[str, Any], card: str) -> None:
    """Copy the pipeline, with this meta.json and README.md, in place of what the folder had."""
    with draft_of_folder(folder) as draft:
        try:
            copytree(model, draft)
        except Error as error:  # a list, with an entry for each file
            reason = error.args[0][0][2]
            raise OSError(reason.split(": ")[0]) from error
        for path in (draft, *draft.rglob("*")):  # it may have been read-only
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
        (draft / "README.md").write_text(card, encoding="utf-8")
        written = srsly.json_loads(srsly.json_dumps(dict(meta)))  # which rounds
        srsly.write_json(draft / "meta.json", {**written, MARK: _digest(draft, written)})


def _is_copy(folder: Path) -> bool:
    try:
        meta = srsly.read_json(folder / "meta.json")
    except (OSError, ValueError):
        return False
    return isinstance(meta, dict) and meta.pop(MARK, None) == _digest(folder, meta)


def _digest(folder: Path, meta: Mapping[str, Any]) -> str:
    """Of the names and contents of all that is in a folder, with this in its meta.json."""
    digest = sha256(srsly.json_dumps(dict(meta), sort_keys=True).encode())
    for path in sorted(folder.rglob("*")):
        if path != folder / "meta.json":
            content = path.read_bytes() if path.is_file() else b""
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name} {sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()
