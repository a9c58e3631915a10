"""Files through a pipeline into a file or folder, in shards, so that a stopped run goes on."""

import shutil
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from spacy.language import Language

from spacy_ner_archs.drafts import draft_of_folder, drafts_of
from spacy_ner_archs.inference import manifest
from spacy_ner_archs.inference.manifest import Manifest, Shard, digest_of
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.shards import FAILED, TEXTS, ShardWriter, cut, shard_name
from spacy_ner_archs.inference.workers import (
    Recipe,
    is_small_pipeline,
    write_shards,
    write_shards_in_processes,
)
from spacy_ner_archs.inference.writing.formats import FORMATS, one_behind_another
from spacy_ner_archs.pipeline.folder import folder_of

#: Ends the name of the folder beside an output, for as long as that isn't whole.
SHARDS = ".shards"


class Output(NamedTuple):
    """path: a file, or a folder of shards. format: a name of `FORMATS`."""

    path: Path
    format: str
    is_folder: bool

    @property
    def shards(self) -> Path:
        """The folder of the shards. One output, however it is spelled, has one."""
        path = self.path.resolve()
        return path.with_name(path.name + SHARDS)

    @property
    def failed(self) -> Path:
        """The file of the texts that failed, beside a file."""
        return self.path.with_name(f"{self.path.name}.failed.jsonl")


class Progress(Protocol):
    """How far a run is. read: a shard's texts have been read. was_there: an earlier run had written
    it. wrote: this one has."""

    def read(self, number: int) -> None: ...
    def was_there(self, number: int, shard: Shard) -> None: ...
    def wrote(self, number: int, shard: Shard) -> None: ...


class Totals(NamedTuple):
    texts: int
    words: int
    entities: int
    failed: int


def run(
    recipe: Recipe,
    writer: ShardWriter,
    records: Iterable[Record],
    output: Output,
    progress: Progress,
    shard_size: int = TEXTS,
) -> Totals:
    """Write what a pipeline finds in texts; what an earlier run has done isn't done again.

    writer: what the recipe makes, for this process. progress: is told how far it is. shard_size:
    texts in a shard.
    Raises ValueError or OSError, in one line, where an output can't be begun or written.
    """
    check(output)
    folder = output.shards
    manifest.make_folder(folder)
    with manifest.locked(folder):
        done = manifest.begin(folder, {**settings_of(recipe), "shard_size": shard_size})
        done.write(folder)  # before the first shard: it tells whose the folder is
        numbered = enumerate(cut(records, shard_size))
        n = 0

        def to_do() -> Iterator[tuple[int, list[Record]]]:
            nonlocal n
            for number, piece in numbered:
                n = number + 1
                progress.read(number)
                if done.has(number, digest_of(piece)):
                    progress.was_there(number, done.shards[number])
                else:
                    yield number, piece

        for number, shard in _written(recipe, writer, to_do(), folder):
            done.shards[number] = shard
            done.write(folder)
            progress.wrote(number, shard)
        done.shards = {number: done.shards[number] for number in range(n)}
        done.write(folder)
        finish(output, done)
        shutil.rmtree(folder)
    return totals(done)


def default_processes(nlp: Language, gpu_id: int, n_threads: int) -> int:
    """One a thread; but one in all for a large network, which all threads compute, and on a GPU."""
    return n_threads if gpu_id < 0 and is_small_pipeline(nlp) else 1


def check_apart(inputs: Iterable[Path], output: Path) -> None:
    """Raises ValueError, in one line, for an output that would replace an input, or that the next
    run would read as one."""
    final = output.resolve()
    for path in inputs:
        source = path.resolve()
        if final.is_relative_to(source) or source.is_relative_to(final):
            raise ValueError(f"{output}: it and the input {path} are in one place; give another")


def check(output: Output) -> None:
    """Raises ValueError, in one line, for a place that has something else already."""
    path = output.path
    if output.is_folder and path.is_dir() and any(path.iterdir()):
        if not (path / manifest.NAME).is_file():
            raise ValueError(f"{path}: a folder with other files; give a new one")
    elif path.exists() and output.is_folder != path.is_dir():
        kind = "file" if output.is_folder else "folder"
        raise ValueError(f"{path}: is a {kind} already; give another output")


def _written(
    recipe: Recipe, writer: ShardWriter, shards: Iterator[tuple[int, list[Record]]], folder: Path
) -> Iterator[tuple[int, Shard]]:
    """In this process where there is one shard: another would load the pipeline first."""
    first = list(islice(shards, 2))
    if recipe.n_processes == 1 or len(first) < 2:
        return write_shards(writer, chain(first, shards), folder)
    return write_shards_in_processes(recipe, chain(first, shards), folder)


def finish(output: Output, done: Manifest) -> None:
    """Put the shards where they belong. They stay in their folder, too."""
    if output.is_folder:
        _finish_folder(output, done)
    else:
        _finish_file(output, done)


def _finish_folder(output: Output, done: Manifest) -> None:
    names = [Path(manifest.NAME), *_names(output, done), *_failed(done)]
    with draft_of_folder(output.path) as draft:
        for name in names:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(output.shards / name, draft / name)


def _finish_file(output: Output, done: Manifest) -> None:
    shards = [output.shards / name for name in _names(output, done)]
    failed = [output.shards / name for name in _failed(done)]
    with drafts_of([output.path, *[output.failed] * bool(failed)]) as drafts:
        with drafts[output.path].open("wb") as file:
            FORMATS[output.format].join(shards, file)
        if failed:
            with drafts[output.failed].open("wb") as file:
                one_behind_another(failed, file)
    if not failed:
        output.failed.unlink(missing_ok=True)


def _names(output: Output, done: Manifest) -> list[Path]:
    """The files of the shards, inside their folder."""
    return [Path(shard_name(number, output.format)) for number in done.shards]


def _failed(done: Manifest) -> list[Path]:
    """The files of the texts that failed."""
    numbers = [number for number, shard in done.shards.items() if shard.failed]
    return [Path(FAILED, shard_name(number, "jsonl")) for number in numbers]


def totals(done: Manifest) -> Totals:
    shards = done.shards.values()
    return Totals(*(sum(getattr(shard, name) for shard in shards) for name in Totals._fields))


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """What shards depend on. Files of the pipeline are told apart by their sizes and times."""
    folder = folder_of(recipe.model)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    stats = [(str(file.relative_to(folder)), file.stat()) for file in files]
    listing = repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
    return {
        "model": blake2b(listing.encode(), digest_size=16).hexdigest(),
        "format": recipe.format,
        **recipe.settings._asdict(),
    }
