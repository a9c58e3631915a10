"""What a service tells Prometheus."""

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from spacy_ner_archs.serving.questions import Answer, Question

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """Counters of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = self._counter("ner_requests", "Requests by status", ["path", "status"])
        self._request_seconds = self._histogram(
            "ner_request_seconds", "Time from a request to its answer", SECONDS
        )
        self._texts = self._counter("ner_texts", "Texts that were computed")
        self._failed = self._counter("ner_failed_texts", "Texts that could not be computed")
        self._words = self._counter("ner_words", "Tokens of the texts that were computed")
        self.waiting = Gauge("ner_waiting_texts", "Texts in the queue", registry=self.registry)
        self._batch_texts = self._histogram(
            "ner_batch_texts", "Texts that were computed together", BATCH_SIZES
        )
        self._batch_seconds = self._histogram(
            "ner_batch_seconds", "Time to compute a batch", SECONDS
        )

    def _counter(self, name: str, about: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(name, about, buckets=buckets, registry=self.registry)

    def count_request(self, path: str, status: int, seconds: float) -> None:
        self._requests.labels(path, str(status)).inc()
        self._request_seconds.observe(seconds)

    def count_batch(
        self,
        questions: Sequence[Question],
        answers: Sequence[Answer | BaseException],
        seconds: float,
    ) -> None:
        n_texts = sum(len(question.texts) for question in questions)
        done = [answer for answer in answers if isinstance(answer, Answer)]
        results = [result for answer in done for result in answer.results]
        n_failed = n_texts - sum("error" not in result for result in results)
        self._texts.inc(n_texts)
        self._failed.inc(n_failed)
        self._words.inc(sum(answer.words for answer in done))
        self._batch_texts.observe(n_texts)
        self._batch_seconds.observe(seconds)

    def text(self) -> bytes:
        """All of them in Prometheus's format."""
        return generate_latest(self.registry)
