"""The one thread that computes, and what waits for it.

spaCy's memory zones, which keep a service's memory from growing, belong to one thread; and texts
that are computed together take a fraction of the time that they take one by one. So whatever waits
when the thread is free is its next batch. Nothing waits for a batch to fill.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future as ThreadFuture
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from time import perf_counter
from typing import NamedTuple

from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.metrics import Metrics
from spacy_ner_archs.serving.questions import Answer, Question

Answers = list[Answer | Exception]


class QueueFull(Exception):
    """So many texts wait that no more are taken."""


class _Job(NamedTuple):
    question: Question
    answer: "asyncio.Future[Answer]"


class InferenceQueue:
    """Questions in the order in which they came. It belongs to one event loop, in whose thread all
    its methods are called.

    compute: answers a batch of questions; called in a thread of its own, one batch at a time.
    """

    def __init__(
        self, compute: Callable[[Sequence[Question]], Answers], limits: Limits, metrics: Metrics
    ) -> None:
        self._compute = compute
        self._limits = limits
        self._metrics = metrics
        self._waiting: deque[_Job] = deque()
        self._n_waiting = 0  # texts
        self._is_busy = False
        self._thread = ThreadPoolExecutor(1, "inference")
        self._context = copy_context()  # thinc keeps there which GPU it uses

    def put(self, question: Question) -> "asyncio.Future[Answer]":
        """Have a question answered. Whoever cancels what comes back takes it out of the queue.
        Raises QueueFull."""
        if self._waiting and self._n_waiting + len(question.texts) > self._limits.waiting:
            raise QueueFull
        loop = asyncio.get_running_loop()
        job = _Job(question, loop.create_future())
        job.answer.add_done_callback(partial(self._drop, job))
        self._waiting.append(job)
        self._count(len(question.texts))
        if not self._is_busy:
            self._is_busy = True
            # after what else has arrived by now has been read
            loop.call_soon(self._start_batch)
        return job.answer

    def close(self) -> None:
        """Wait for the batch that is computed now, and end the thread."""
        self._thread.shutdown()

    def _count(self, n_texts: int) -> None:
        self._n_waiting += n_texts
        self._metrics.waiting.set(self._n_waiting)

    def _drop(self, job: _Job, answer: "asyncio.Future[Answer]") -> None:
        if answer.cancelled() and job in self._waiting:
            self._waiting.remove(job)
            self._count(-len(job.question.texts))

    def _start_batch(self) -> None:
        jobs = self._take()
        self._is_busy = bool(jobs)
        if jobs:
            loop = asyncio.get_running_loop()
            started = perf_counter()
            computing = self._thread.submit(
                self._context.run, self._compute, [job.question for job in jobs]
            )
            computing.add_done_callback(
                lambda done: loop.call_soon_threadsafe(self._finish, jobs, done, started)
            )

    def _take(self) -> list[_Job]:
        """The next batch: one question, and those after it that fit."""
        jobs: list[_Job] = []
        texts = chars = 0
        while self._waiting:
            question = self._waiting[0].question
            texts += len(question.texts)
            chars += question.n_chars
            if jobs and (texts > self._limits.batch or chars > self._limits.chars):
                break
            jobs.append(self._waiting.popleft())
            self._count(-len(question.texts))
        return jobs

    def _finish(self, jobs: list[_Job], done: "ThreadFuture[Answers]", started: float) -> None:
        seconds = perf_counter() - started
        self._start_batch()  # first, so that the thread doesn't wait for what follows
        error = done.exception()
        answers = [error] * len(jobs) if error is not None else done.result()
        self._metrics.count_batch([job.question for job in jobs], answers, seconds)
        for job, answer in zip(jobs, answers, strict=True):
            if job.answer.done():
                continue
            if isinstance(answer, Answer):
                job.answer.set_result(answer)
            else:
                job.answer.set_exception(answer)
