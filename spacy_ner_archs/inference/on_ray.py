"""Shards on the machines of a Ray cluster, or on the cores of this one.

Ray Data reads the files, several at once, and hands the shards to actors: processes that have
loaded the pipeline once. If one dies, Ray starts another, which computes what is missing.
"""

import logging
import os
import pickle
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import ray
import ray.data
import torch
from ray.data import ActorPoolStrategy, DataContext, Dataset, TaskPoolStrategy
from ray.exceptions import RayError, RayTaskError

from spacy_ner_archs.inference import manifest
from spacy_ner_archs.inference.manifest import Manifest, Shard, digest_of
from spacy_ner_archs.inference.reading.files import PIPE, Inputs
from spacy_ner_archs.inference.run import Output, Totals, check, finish, settings_of, totals
from spacy_ner_archs.inference.shards import TEXTS, cut, shard_name
from spacy_ner_archs.inference.workers import Recipe

#: A Ray of this process's own, on this machine.
LOCAL = "local"
#: Ray reads these where it starts: it reports nothing of its use to anyone, and logs less.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
#: Shards of the first file have the numbers from FIRST * SHARDS_A_FILE, those of the second from
#: (FIRST + 1) * SHARDS_A_FILE. So the names of all have the same length, and the texts' order.
FIRST, SHARDS_A_FILE = 100_000, 100_000
#: Reading takes far less time than finding entities.
ACTORS_A_READER = 8
#: Seconds for the first word with a cluster.
PATIENCE = 10


class Actors(NamedTuple):
    """number: None for as many as the CPUs or GPUs allow. cpus, gpus: of each; large networks
    compute with a torch thread a CPU. gpus may be a part of one, as 0.5."""

    number: int | None = None
    cpus: int = 1
    gpus: float = 0.0


def run_on_ray(
    recipe: Recipe,
    inputs: Inputs,
    output: Output,
    shard_size: int = TEXTS,
    *,
    address: str = LOCAL,
    actors: Actors | None = None,
) -> Totals:
    """Write what a pipeline finds in files, as `run` does; the shards differ in that none has texts
    of two files. All machines must have the pipeline, and share the paths of inputs and output.

    address: `local`, or that of a cluster, as `ray.init` takes it. A connection that this process
    has already is used in any case.
    Raises ValueError, OSError or ConnectionError, in one line.
    """
    check(output)
    if PIPE in inputs.formats:
        raise ValueError("Ray reads files and folders, and no pipe")
    folder = output.shards
    manifest.make_folder(folder)
    with manifest.locked(folder):
        settings = {**settings_of(recipe), "shard_size": shard_size, "ray": True}
        done = manifest.begin(folder, settings)
        done.write(folder)
        with _connected(address), _told_in_a_line():
            fitting = _that_fit(actors or Actors())
            shards = _shards(recipe, inputs, shard_size, folder, done, fitting)
            done.shards = _write(shards, folder, done)
        done.write(folder)
        finish(output, done)
        shutil.rmtree(folder)
    return totals(done)


@contextmanager
def _connected(address: str) -> Iterator[None]:
    """Connected to a Ray, and no longer than needed."""
    if ray.is_initialized():
        yield
        return
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    if address == LOCAL:
        options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        _check_address(address)
        ray.init(address=address, **options)
    except Exception as error:
        reason = " ".join(str(error).split())
        raise ConnectionError(f"can't use Ray at {address}: {reason:.300}") from None
    try:
        yield
    finally:
        ray.shutdown()


def _check_address(address: str) -> None:
    """Ray itself tries for minutes to reach a machine that isn't there."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if port.isdecimal():
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """What goes wrong in another process comes with its traceback."""
    try:
        yield
    except RayTaskError as error:  # Ray Data adds lines of its own behind the reason
        raise ValueError(f"{str(error.cause).splitlines()[0]:.500}") from error
    except RayError as error:
        raise ValueError(f"{str(error).strip().splitlines()[-1]:.500}") from error


def _that_fit(actors: Actors) -> Actors:
    """The same with a number. Raises ValueError where not even one would ever start."""
    there = ray.cluster_resources()
    cpus, gpus = there.get("CPU", 0), there.get("GPU", 0)
    most = min(cpus // actors.cpus, gpus // actors.gpus if actors.gpus else sys.maxsize)
    if most < 1:
        raise ValueError(
            f"a process needs {actors.cpus} CPUs and {actors.gpus:g} GPUs; "
            f"Ray has {cpus:g} and {gpus:g}"
        )
    return actors._replace(number=actors.number or int(most))


def _shards(
    recipe: Recipe, inputs: Inputs, shard_size: int, folder: Path, done: Manifest, actors: Actors
) -> Dataset:
    """The counts of each shard, a row a shard."""
    files = [
        {"number": FIRST + i, "file": str(path.resolve()), "format": format}
        for i, (path, format) in enumerate(inputs.formats.items())
    ]
    with DataContext.current(_context()):
        dataset = ray.data.from_items(files, override_num_blocks=len(files))
    # reading reserves no CPU, or actors that have all of them would wait for it for ever
    read = dataset.map_batches(
        partial(_read, key=inputs.key, shard_size=shard_size),
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=0,
        compute=TaskPoolStrategy(size=min(len(files), 1 + (actors.number or 1) // ACTORS_A_READER)),
    )
    return read.map_batches(
        _Writer,
        fn_constructor_args=(recipe, folder, done, actors),
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=actors.cpus,
        num_gpus=actors.gpus,
        compute=ActorPoolStrategy(size=actors.number),
    )


def _context() -> DataContext:
    """Ray Data's settings for one dataset."""
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = DataContext.get_current().copy()
    context.target_max_block_size = 1  # a shard a block: else an actor gets many before it begins
    context.enable_progress_bars = sys.stderr.isatty()
    return context


def _read(files: pa.Table, key: str, shard_size: int) -> Iterator[pa.Table]:
    """The shards of a file: their numbers and records."""
    [file] = files.to_pylist()
    records = Inputs([Path(file["file"])], file["format"], key)
    pieces = enumerate(cut(records, shard_size), start=file["number"] * SHARDS_A_FILE)
    try:
        for number, piece in pieces:
            yield pa.table({"number": [number], "records": [pickle.dumps(piece)]})
    except (OSError, EOFError, ValueError) as error:
        raise ValueError(f"{file['file']}: {' '.join(str(error).split())}") from None


class _Writer:
    """An actor's pipeline."""

    def __init__(self, recipe: Recipe, folder: Path, done: Manifest, actors: Actors) -> None:
        torch.set_num_threads(actors.cpus)
        gpu_id = 0 if actors.gpus else -1  # of those that Ray shows to this process
        self.writer = recipe._replace(gpu_id=gpu_id, n_processes=1).make()
        self.folder, self.done = folder, done

    def __call__(self, shards: pa.Table) -> pa.Table:
        [row] = shards.to_pylist()
        return pa.Table.from_pylist(
            [{"number": row["number"], **asdict(self._shard(row["number"], row["records"]))}]
        )

    def _shard(self, number: int, pickled: bytes) -> Shard:
        records = pickle.loads(pickled)
        if self.done.has(number, digest_of(records)):
            return self.done.shards[number]
        return self.writer.write(number, records, self.folder)


def _write(shards: Dataset, folder: Path, done: Manifest) -> dict[int, Shard]:
    """The shards of this run, in the texts' order. The manifest is written with each."""
    found = {}
    for row in shards.iter_rows():
        number = row.pop("number")
        if not (folder / shard_name(number, done.settings["format"])).exists():
            raise ValueError(f"{folder}: another machine wrote there; give a path that all share")
        found[number] = done.shards[number] = Shard(**row)
        done.write(folder)
    return dict(sorted(found.items()))
