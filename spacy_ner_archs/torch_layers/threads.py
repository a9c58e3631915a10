"""Threads of Python in place of torch's own, for small networks on a processor.

torch splits each operation between the threads of OpenMP, which wait for each other in a loop. If
one of them doesn't get its core, because another process has it or a container's quota is used up,
the others burn theirs: with one of two cores busy, a BiLSTM takes 25 times longer. So a small
network computes here with one torch thread, and several batches are computed at once, each in a
Python thread. Those wait asleep.

There are as many of them as `torch.get_num_threads()` says where a network is called. That number
stays what it is: only threads that are made here compute with one.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import cache, partial
from itertools import chain, islice
from threading import Barrier, Lock, local
from typing import Any, TypeVar

import torch
from torch import Tensor

Item = TypeVar("Item")
Result = TypeVar("Result")
#: A function of tensors, and the tensors.
Call = tuple[Any, ...]

#: More threads than that wait for Python's lock most of the time.
MOST_THREADS = 8

_here = local()
_making = Lock()
_is_forked = False


class _Workers:
    """Threads with one torch thread each."""

    def __init__(self, n: int):
        self._lock = Lock()
        self._n_idle = n  # less than 0 where calls wait for a thread
        self.executor = ThreadPoolExecutor(n, "one-torch-thread")
        ready = Barrier(n)
        try:
            for future in [self.executor.submit(self._start, ready) for _ in range(n)]:
                future.result()
        except BaseException:  # no more threads can be started: those that are there mustn't wait
            ready.abort()
            self.executor.shutdown()
            raise

    def _start(self, ready: Barrier) -> None:
        torch.get_num_threads()  # else the first operation sets it to the number of all threads
        torch.set_num_threads(1)
        _here.workers = self
        ready.wait()  # a thread that is free already would take the next one's turn

    def submit(self, function: Callable[[], Result]) -> "Future[Result]":
        """Have a thread call the function, as soon as one is idle."""
        self._count_idle(-1)
        return self._submit(function)

    def submit_if_idle(self, function: Callable[[], Result]) -> "Future[Result] | None":
        """The same where a thread is idle now; otherwise None. One that waits for this call must
        not have it wait for a thread."""
        with self._lock:
            if self._n_idle < 1:
                return None
            self._n_idle -= 1
        return self._submit(function)

    def _submit(self, function: Callable[[], Result]) -> "Future[Result]":
        """The same when a thread has been counted as busy."""
        try:
            future = self.executor.submit(copy_context().run, function)
        except RuntimeError:  # the main thread has ended, and no thread gets work any more
            future = _called_here(function)
        except BaseException:
            self._count_idle(1)
            raise
        future.add_done_callback(lambda _: self._count_idle(1))
        return future

    def _count_idle(self, change: int) -> None:
        with self._lock:
            self._n_idle += change


def _called_here(function: Callable[[], Result]) -> "Future[Result]":
    future: Future[Result] = Future()
    try:
        future.set_result(function())
    except BaseException as error:
        future.set_exception(error)
    return future


@cache
def _workers(n: int) -> _Workers:
    try:
        return _Workers(min(n, MOST_THREADS))
    finally:
        torch.set_num_threads(n)  # threads that come later start with the number that was set last


def _workers_for(n: int) -> _Workers:
    with _making:
        return _workers(n)


def number_of_threads() -> int:
    """Of torch, where this is called; 1 in a forked process, which OpenMP's threads don't survive:
    it would wait for them forever."""
    global _is_forked
    if _is_worker():
        return 1
    if _is_forked:
        torch.set_num_threads(1)
        _is_forked = False
    return torch.get_num_threads()


def _forked() -> None:
    global _is_forked, _here, _making
    _is_forked, _here, _making = True, local(), Lock()
    _workers.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def in_one_thread(function: Callable[[], Result]) -> Result:
    """Call the function in a thread that has one torch thread. Whether gradients are wanted is a
    setting of each thread: the function must say it."""
    n = number_of_threads()
    if n == 1:
        return function()
    return _results([_workers_for(n).submit(function)])[0]


def start_in_threads(
    function: Callable[[Item], Result], items: Iterable[Item]
) -> Callable[[], list[Result]]:
    """Call the function for the items, several at once, each as by `in_one_thread`. This doesn't
    wait for the calls; what it gives back does, and gives their results."""
    n = number_of_threads()
    if n == 1:
        results = [function(item) for item in items]
        return lambda: results
    workers = _workers_for(n)
    return partial(_results, [workers.submit(partial(function, item)) for item in items])


def map_in_threads(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The function's results for the items, when all calls have ended."""
    return start_in_threads(function, items)()


def _results(futures: list["Future[Result]"]) -> list[Result]:
    """What they return, when all have ended. Where one raises, those that haven't begun never do,
    and the others end: none may go on when the caller doesn't."""
    try:
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
        wait(futures)


def at_once(*calls: Call) -> list[Tensor]:
    """The outputs of functions of tensors, computed at the same time where this thread is one that
    was made here and others are idle. Gradients reach the calls' tensors; their functions must not
    use other tensors that require them."""
    if not _is_worker():
        return [function(*inputs) for function, *inputs in calls]
    if torch.is_grad_enabled():
        n_inputs = [len(inputs) for _, *inputs in calls]
        tensors = chain.from_iterable(inputs for _, *inputs in calls)
        return list(_AtOnce.apply([function for function, *_ in calls], n_inputs, *tensors))
    return _all_of([partial(_with_gradients, False, *call) for call in calls])


def _is_worker() -> bool:
    return hasattr(_here, "workers")


def _with_gradients(wanted: bool, function: Callable[..., Result], *inputs: Any) -> Result:
    with torch.set_grad_enabled(wanted):
        return function(*inputs)


def _all_of(functions: list[Callable[[], Result]]) -> list[Result]:
    """Call all but the first in idle threads, as far as there are any, and the others here."""
    if not _is_worker():
        return [function() for function in functions]
    workers = _here.workers
    first, *others = functions
    futures = [workers.submit_if_idle(function) for function in others]
    try:
        results = [first()]
        for function, future in zip(others, futures, strict=True):
            results.append(future.result() if future else function())
    finally:
        wait([future for future in futures if future])
    return results


class _AtOnce(torch.autograd.Function):
    """Functions with graphs of their own, so that their gradients are computed at once, too."""

    @staticmethod
    def forward(
        ctx: Any, functions: list[Callable[..., Tensor]], n_inputs: list[int], *tensors: Tensor
    ) -> tuple[Tensor, ...]:
        leaves = iter([t.detach().requires_grad_(t.requires_grad) for t in tensors])
        inputs = [list(islice(leaves, n)) for n in n_inputs]
        calls = zip(functions, inputs, strict=True)
        outputs = _all_of([partial(_with_gradients, True, f, *own) for f, own in calls])
        ctx.graphs = list(zip(outputs, inputs, strict=True))
        return tuple(output.detach() for output in outputs)

    @staticmethod
    def backward(ctx: Any, *d_outputs: Tensor) -> tuple[Any, ...]:
        graphs = zip(ctx.graphs, d_outputs, strict=True)
        d_inputs = _all_of([partial(_gradients, output, own, d) for (output, own), d in graphs])
        return None, None, *chain.from_iterable(d_inputs)


def _gradients(output: Tensor, inputs: list[Tensor], d_output: Tensor) -> list[Tensor | None]:
    """Of those inputs that require one."""
    found = iter(torch.autograd.grad(output, [t for t in inputs if t.requires_grad], d_output))
    return [next(found) if t.requires_grad else None for t in inputs]
