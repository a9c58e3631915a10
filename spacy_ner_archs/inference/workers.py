"""Shards in processes of their own, each of which has loaded the pipeline."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import spacy
import torch
from spacy.cli._util import setup_gpu

from spacy_ner_archs.inference.manifest import Shard
from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.shards import ShardWriter
from spacy_ner_archs.pipeline.memory import keep_all
from spacy_ner_archs.pipeline.models import models_of
from spacy_ner_archs.thinc_layers.torch_shim import is_small
from spacy_ner_archs.torch_layers.threads import number_of_threads

#: Shards that wait, for each process: reading goes on meanwhile.
WAITING = 2

Numbered = tuple[int, list[Record]]


class Recipe(NamedTuple):
    """All that a process needs to make a `ShardWriter`. n_processes: that share the processor."""

    model: str
    settings: Settings
    format: str
    gpu_id: int
    n_processes: int = 1

    def make(self) -> ShardWriter:
        """Load the pipeline, for the rest of the process's life. Raises ValueError or OSError, in
        one line, where that can't be done."""
        setup_gpu(self.gpu_id, silent=True)
        nlp = spacy.load(self.model)
        self.settings.apply(nlp)
        if is_small_pipeline(nlp):
            # batches in several threads would fill the caches of words in any order
            torch.set_num_threads(1)
        elif self.n_processes > 1:
            torch.set_num_threads(max(1, number_of_threads() // self.n_processes))
        keep_all()
        return ShardWriter(nlp, self.settings, self.format)


def is_small_pipeline(nlp: spacy.Language) -> bool:
    """Whether one thread is what it computes in best."""
    return all(map(is_small, models_of(nlp)))


def write_shards(
    writer: ShardWriter, shards: Iterable[Numbered], folder: Path
) -> Iterator[tuple[int, Shard]]:
    """Write shards in this process, one after another."""
    for number, records in shards:
        yield number, writer.write(number, records, folder)


def write_shards_in_processes(
    recipe: Recipe, shards: Iterable[Numbered], folder: Path
) -> Iterator[tuple[int, Shard]]:
    """Write shards in several processes; gives them as they are done. Raises RuntimeError, in one
    line, where a process ends before its work."""
    shards = iter(shards)
    running: dict[Future[Shard], int] = {}
    with _pool(recipe) as pool:
        try:
            while True:
                for number, records in islice(shards, WAITING * recipe.n_processes - len(running)):
                    running[pool.submit(_write, number, records, folder)] = number
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), done.result()
        except BrokenProcessPool:
            raise RuntimeError(
                "a process was ended from outside (out of memory?); the same command goes on, with "
                "fewer --processes if need be"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _pool(recipe: Recipe) -> ProcessPoolExecutor:
    # torch's threads don't survive a fork
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(recipe.n_processes, context, _begin, (recipe,))


_writer: ShardWriter


def _begin(recipe: Recipe) -> None:
    """What a process does first."""
    global _writer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _writer = recipe.make()


def _end_with_parent() -> None:
    """A command that is killed can't end its processes."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _write(number: int, records: list[Record], folder: Path) -> Shard:
    return _writer.write(number, records, folder)
