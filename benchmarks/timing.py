"""Two or more loops, timed in turn in one process."""

import platform
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

import torch

Name = TypeVar("Name")


def time_in_turn(
    loops: Mapping[Name, Callable[[], object]], rounds: int
) -> dict[Name, list[float]]:
    """Seconds of each loop; the first round isn't counted."""
    times: dict[Name, list[float]] = {name: [] for name in loops}
    for i in range(rounds + 1):
        for name, loop in loops.items():
            start = perf_counter()
            loop()
            if i:
                times[name].append(perf_counter() - start)
    return times


def fastest(settings: Iterable[Name], loop_of: Callable[[Name], Callable[[], object]]) -> Name:
    """The setting, such as a batch size, with which a loop took least time in its second round."""
    loops = {setting: loop_of(setting) for setting in settings}
    times = time_in_turn(loops, 1)
    return min(loops, key=lambda setting: times[setting][0])


def print_machine() -> None:
    """What speeds depend on: processor, torch's threads and version."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    print(f"{name}, {torch.get_num_threads()} threads, torch {torch.__version__}")


def print_seconds(times: dict[str, list[float]]) -> None:
    """Seconds an epoch of two loops, and of the first over the second."""
    print_machine()
    for name, seconds in times.items():
        runs = ", ".join(f"{s:.2f}" for s in seconds)
        print(f"{name}: {median(seconds):.2f} s an epoch ({runs})")
    first, second = (median(seconds) for seconds in times.values())
    print(f"ratio: {first / second:.2f}")


def print_speeds(times: dict[str, list[float]], n_words: int) -> None:
    """Words a second of loops, and of the first over the second."""
    print_machine()
    speeds = {name: [n_words / s for s in seconds] for name, seconds in times.items()}
    for name, runs in speeds.items():
        print(f"{name}: {median(runs):,.0f} words/s ({', '.join(f'{run:,.0f}' for run in runs)})")
    first, second, *_ = (median(runs) for runs in speeds.values())
    print(f"ratio: {first / second:.2f}")
