"""Which shards of an output are done, so that a run that was stopped goes on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from spacy_ner_archs.drafts import SUFFIX, replace_files
from spacy_ner_archs.inference.reading.record import Record

NAME = "_manifest.json"
LOCK = "_lock"


@dataclass(frozen=True)
class Shard:
    """What is in a shard: texts that failed aren't. digest: of what was read for it."""

    digest: str
    texts: int
    words: int
    entities: int
    failed: int


@dataclass
class Manifest:
    """settings: whatever the output depends on, but for the texts. shards: by their numbers."""

    settings: dict[str, Any]
    shards: dict[int, Shard] = field(default_factory=dict)

    def has(self, number: int, digest: str) -> bool:
        return number in self.shards and self.shards[number].digest == digest

    def write(self, folder: Path) -> None:
        shards = {number: asdict(shard) for number, shard in sorted(self.shards.items())}
        content = {"settings": self.settings, "shards": shards}
        replace_files({folder / NAME: json.dumps(content, indent=1)})


def begin(folder: Path, settings: dict[str, Any]) -> Manifest:
    """The manifest of a folder; a new one, where there is none. Raises ValueError, in one line,
    where the shards were made with other settings."""
    for draft in folder.rglob(f".*{SUFFIX}"):  # of a run that was killed
        draft.unlink()
    if not (folder / NAME).is_file():
        return Manifest(settings)
    content = json.loads((folder / NAME).read_text())
    # as JSON has them: a tuple isn't a list
    before, now = content["settings"], json.loads(json.dumps(settings))
    if other := sorted(
        name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
    ):
        raise ValueError(
            f"{folder}: a run with other settings was stopped ({', '.join(other)}); go on with "
            "those, or delete the folder"
        )
    shards = {int(number): Shard(**shard) for number, shard in content["shards"].items()}
    return Manifest(settings, shards)


def make_folder(folder: Path) -> None:
    """Make a folder for shards. Raises ValueError, in one line, for one of something else."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in folder.iterdir()}
    if NAME not in names and any(name != LOCK and not name.endswith(SUFFIX) for name in names):
        raise ValueError(f"{folder}: has files of something else; give another output")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Refuse a second run in the folder. Raises ValueError, in one line."""
    try:
        import fcntl
    except ImportError:  # Windows: two runs write the same shards
        yield
        return
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ValueError(f"{folder}: another run writes there; wait for its end") from None
        yield


def digest_of(records: list[Record]) -> str:
    """Tells texts and their fields from others, wherever they were read."""
    content = [(record.text, record.fields, record.error) for record in records]
    return blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
