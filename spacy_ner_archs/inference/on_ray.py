"""Texts of many files on the machines of a Ray cluster, or on the cores of this one.

Each actor is a process that loads the pipeline once. If one dies, Ray starts another and gives it
the blocks that are missing.
"""

import logging
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import spacy
import torch

from spacy_ner_archs.drafts import draft_of_folder
from spacy_ner_archs.inference.predictor import Predictor, Settings

try:
    import ray
    import ray.data
    from ray.data import ActorPoolStrategy, DataContext, Dataset, TaskPoolStrategy
    from ray.exceptions import RayError

    from spacy_ner_archs.inference.ray_tables import FAILED, TYPES, Counts, Parts, read_files
    from spacy_ner_archs.inference.table_files import (
        JSONL,
        PARQUET,
        find_files,
        read_tables,
        set_columns,
    )
except ImportError as error:
    if error.name is None or not error.name.startswith(("ray", "pyarrow")):
        raise
    raise ImportError("Ray needs an extra: pip install 'spacy-ner-archs[ray]'") from None

#: A Ray of this process's own, on this machine.
LOCAL = "local"
#: Ray reads these where it starts: it reports nothing of its use to anyone, and logs less.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
#: Bytes of a block, which an actor gets at a time: enough for seconds, and few to do once more.
BLOCK_SIZE = 2**18

class Actors(NamedTuple):
    """number: None for as many as the CPUs or GPUs allow. cpus, gpus: of each; an actor computes
    with as many torch threads as it has CPUs. gpus may be a part of one, as 0.5."""

    number: int | None = None
    cpus: int = 1
    gpus: float = 0


def predict_on_ray(
    model: str,
    inputs: Sequence[str],
    output: str,
    settings: Settings,
    *,
    column: str = "text",
    address: str = LOCAL,
    actors: Actors | None = None,
) -> Counts:
    """Write the rows of tables with what a pipeline finds in their texts, in the same order.

    model: a pipeline, by a name or folder that all machines have. inputs: files or folders of Parquet
    or of JSONL, which may be compressed with gzip. output: a folder; its name ends with the format,
    `.parquet` or `.jsonl`. Texts that fail go to the folder `_failed` in it, with the reason, and not
    into the output. Paths must be shared by all machines; pyarrow's URLs, such as s3://, are written
    without a draft. address: `local`, or that of a cluster, as `ray.init` takes it; a connection
    that this process has already is used whatever it says.

    Raises ValueError, OSError or ConnectionError in one line.
    """
    _check_output(output)
    files = find_files(inputs)
    next(read_tables(files[0], column), None)  # a mistake is told before Ray starts
    with _connected(address), _told_in_a_line():
        found = _annotated(files, model, settings, column, _that_fit(actors or Actors()))
        return _write(found, output, column)


def _check_output(output: str) -> None:
    if not output.endswith((PARQUET, JSONL)):
        raise ValueError(f"{output}: is a folder, and its name must end with {PARQUET} or {JSONL}")


@contextmanager
def _connected(address: str) -> Iterator[None]:
    """Connected to a Ray, and no longer than needed."""
    if ray.is_initialized():
        yield
        return
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
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
        socket.create_connection((host, int(port)), timeout=10).close()


def _that_fit(actors: Actors) -> Actors:
    """The same with a number. Raises ValueError where not even one would ever start."""
    there = ray.cluster_resources()
    cpus, gpus = there.get("CPU", 0), there.get("GPU", 0)
    most = min(cpus // actors.cpus, gpus // actors.gpus if actors.gpus else sys.maxsize)
    if most < 1:
        raise ValueError(
            f"an actor needs {actors.cpus} CPUs and {actors.gpus:g} GPUs; "
            f"Ray has {cpus:g} and {gpus:g}"
        )
    return actors._replace(number=actors.number or int(most))


def _annotated(
    files: list[str], model: str, settings: Settings, column: str, actors: Actors
) -> Dataset:
    # reading and writing reserve no CPU, or actors that have all of them would wait for ever
    with DataContext.current(_context()):
        names = ray.data.from_items([{"file": f} for f in files], override_num_blocks=len(files))
    texts = names.map_batches(
        read_files,
        fn_kwargs={"column": column},
        batch_size=1,
        batch_format="pyarrow",
        num_cpus=0,
        compute=TaskPoolStrategy(size=actors.number),
    )
    return texts.map_batches(
        _Annotator,
        fn_constructor_args=(model, settings, column, actors),
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=actors.cpus,
        num_gpus=actors.gpus,
        compute=ActorPoolStrategy(size=actors.number),
    )


def _context() -> DataContext:
    """Ray Data's settings for one dataset."""
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = DataContext.get_current().copy()
    context.execution_options.preserve_order = True
    context.target_max_block_size = BLOCK_SIZE
    context.enable_progress_bars = sys.stderr.isatty()
    return context


class _Annotator:
    """An actor's pipeline."""

    def __init__(self, model: str, settings: Settings, column: str, actors: Actors) -> None:
        torch.set_num_threads(actors.cpus)
        if actors.gpus:
            spacy.require_gpu()
        self.predictor = Predictor(model, settings, column=column)

    def __call__(self, table: pa.Table) -> pa.Table:
        column = self.predictor.column
        found = self.predictor({column: table[column].to_pylist()})
        return set_columns(table, {name: pa.array(found[name], TYPES[name]) for name in found})


def _write(found: Dataset, output: str, column: str) -> Counts:
    if "://" in output:
        return _write_parts(found, output, output, column)
    with draft_of_folder(Path(output)) as draft:
        (draft / FAILED).mkdir(parents=True)
        return _write_parts(found, str(draft), output, column)


def _write_parts(found: Dataset, folder: str, output: str, column: str) -> Counts:
    parts = Parts(folder, Path(output).suffix, column)
    found.write_datasink(parts, ray_remote_args={"num_cpus": 0})
    if "://" not in folder:
        _check_parts(parts, folder, output)
    texts, failed = zip(*(part.counts for part in parts.parts), strict=True)
    return Counts(sum(texts), sum(failed))


def _check_parts(parts: Parts, folder: str, output: str) -> None:
    files = [Path(folder, file) for part in parts.parts for file in part.files]
    if missing := sum(not file.exists() for file in files):
        raise ValueError(
            f"{output}: {missing} of {len(files)} files were written on other machines; "
            "give a path that all machines share"
        )


@contextmanager
def _told_in_a_line() -> Iterator[None]:
    """What goes wrong in another process comes with its traceback; this gives the reason."""
    try:
        yield
    except RayError as error:
        cause: BaseException = error
        while inner := getattr(cause, "cause", None) or cause.__cause__:
            cause = inner
        reason = " ".join(str(cause).split()) or type(cause).__name__
        raise ValueError(f"{reason:.500}") from error
