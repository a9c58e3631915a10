r"""What a busy machine costs: `nlp.pipe` and training, with a busy core, two at once, half a CPU.

    python benchmarks/busy_machine.py training/char_cnn_bilstm_crf/model-best \
        configs/char_cnn_bilstm_crf.cfg corpus/train.spacy corpus/test.spacy

Each figure is the median words a second of a process of its own. spaCy's own `ner` (`init config
--optimize efficiency`) runs under the same conditions. A busy core is one on which a process counts
without end. Half a CPU is a control group's quota, for which this must run as root.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated, Any

import typer

GROUP = "spacy-ner-archs-half"
SPACYS = "spacy"


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    config: Annotated[Path, typer.Argument(help="Its config")],
    train: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    test: Annotated[Path, typer.Argument(help="Docs for nlp.pipe, .spacy")],
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 3,
    batches: Annotated[int, typer.Option(help="Batches of a run of training")] = 60,
) -> None:
    """Print the words a second under each condition, and ratios to a quiet machine."""
    jobs = {
        "pipe, this package": ["pipe", model, str(test)],
        "pipe, spaCy's ner": ["pipe", SPACYS, str(test)],
        "training, this package": ["train", str(config), str(train)],
        "training, spaCy's ner": ["train", SPACYS, str(train)],
    }
    for name, job in jobs.items():
        arguments = [*job, str(rounds), str(batches)]
        _report(name, {condition: run(arguments) for condition, run in CONDITIONS.items()})


def _report(name: str, rates: dict[str, float | None]) -> None:
    quiet, one = rates["quiet"], rates["quiet, one thread"]
    assert quiet
    assert one
    print(name)
    for condition, rate in rates.items():
        if rate is None:
            print(f"  {condition:20} not measured: no control group can be made")
        else:
            ratios = f"{rate / quiet:.2f} x quiet, {rate / one:.2f} x quiet with one thread"
            print(f"  {condition:20} {rate:9,.0f} words/s, {ratios}", flush=True)


def _start(arguments: list[str], **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, __file__, "child", *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def _rate(process: subprocess.Popen) -> float:
    output, _ = process.communicate()
    if process.returncode:
        sys.exit("a process failed")
    return float(json.loads(output.splitlines()[-1]))


def _quiet(arguments: list[str]) -> float:
    return _rate(_start(arguments))


def _one_thread(arguments: list[str]) -> float:
    return _rate(_start(arguments, OMP_NUM_THREADS="1"))


def _busy_core(arguments: list[str]) -> float:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        os.sched_setaffinity(busy.pid, {0})
        try:
            return _rate(_start(arguments))
        finally:
            busy.kill()


def _two_at_once(arguments: list[str]) -> float:
    return sum(map(_rate, [_start(arguments), _start(arguments)]))


def _half_a_cpu(arguments: list[str]) -> float | None:
    try:
        with _control_group() as members:
            process = _start(arguments)
            members.write_text(str(process.pid))
            return _rate(process)
    except OSError:
        return None


@contextmanager
def _control_group() -> Iterator[Path]:
    """A control group with half a CPU: the file that takes its members."""
    version1, version2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
    group = (version1 if version1.is_dir() else version2) / GROUP
    group.mkdir(exist_ok=True)
    try:
        if version1.is_dir():
            (group / "cpu.cfs_quota_us").write_text("50000")
        else:
            (group / "cpu.max").write_text("50000 100000")
        yield group / "cgroup.procs"
    finally:
        group.rmdir()


CONDITIONS: dict[str, Callable[[list[str]], float | None]] = {
    "quiet": _quiet,
    "quiet, one thread": _one_thread,
    "one core busy": _busy_core,
    "two at once": _two_at_once,
    "half a CPU": _half_a_cpu,
}


def child(job: str, what: str, corpus: str, rounds: str, batches: str) -> None:
    """Measure in this process, and print the rate."""
    if job == "pipe":
        run, n_words = _pipe(what, Path(corpus))
    else:
        run, n_words = _training(what, Path(corpus), int(batches))
    rates = []
    for _ in range(int(rounds) + 1):
        start = perf_counter()
        run()
        rates.append(n_words / (perf_counter() - start))
    print(json.dumps(median(rates[1:])))


def _pipe(what: str, corpus: Path) -> tuple[Callable[[], object], int]:
    import spacy
    from pipe_speed import pipe_loop, texts_of

    texts = texts_of(corpus)
    nlp = _spacys_ner(corpus) if what == SPACYS else spacy.load(what)
    return pipe_loop(nlp, texts), sum(map(len, texts))


def _spacys_ner(corpus: Path) -> Any:
    """spaCy's `ner`, initialized: what other work takes from its rate doesn't depend on weights."""
    from spacy.cli.init_config import init_config
    from spacy.training import Corpus
    from spacy.util import load_model_from_config

    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", silent=True)
    nlp = load_model_from_config(config, auto_fill=True)
    nlp.initialize(lambda: Corpus(corpus)(nlp))
    return nlp


def _training(what: str, corpus: Path, batches: int) -> tuple[Callable[[], object], int]:
    from tempfile import TemporaryDirectory

    from spacy.cli.init_config import init_config
    from spacy_loop import SpacyLoop

    with TemporaryDirectory() as folder:
        config = Path(what)
        if what == SPACYS:
            config = Path(folder) / "ner.cfg"
            init_config(lang="en", pipeline=["ner"], silent=True).to_disk(config)
        loop = SpacyLoop(config, corpus, {}, limit=batches)
    return loop.epoch, sum(len(eg.reference) for batch in loop.batches for eg in batch)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(*sys.argv[2:])
    else:
        typer.run(main)
