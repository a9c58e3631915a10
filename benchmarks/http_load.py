"""Clients that cost little: requests over raw sockets that are kept open, in one event loop."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

import numpy as np

HOST = "127.0.0.1"
#: Largest difference of a probability: it depends a little on which texts are computed together.
TOLERANCE = 1e-4


@dataclass
class Load:
    """What came of many requests. seconds: of each, by its number. share: of one core that the
    clients took."""

    wall: float = 0.0
    share: float = 0.0
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    mismatches: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall

    def milliseconds(self, percentile: float) -> float:
        return 1000 * float(np.percentile(self.seconds, percentile))


class Checker:
    """Compares answers with the entities that are expected. Bytes that were right once aren't read
    again, so that it costs the clients little."""

    def __init__(self, expected: Sequence[list[dict]]) -> None:
        self.expected = expected
        self.right: dict[int, set[bytes]] = defaultdict(set)

    def is_right(self, text: int, body: bytes) -> bool:
        if body in self.right[text]:
            return True
        is_right = _alike(json.loads(body)["entities"], self.expected[text])
        if is_right:
            self.right[text].add(body)
        return is_right


def _alike(found: list[dict], expected: list[dict]) -> bool:
    return len(found) == len(expected) and all(
        {**a, "probability": 0} == {**b, "probability": 0}
        and abs(a["probability"] - b["probability"]) <= TOLERANCE
        for a, b in zip(found, expected, strict=True)
    )


class Client(asyncio.Protocol):
    """A connection. answered: called with the status and the body of each answer."""

    def __init__(self, answered: Callable[["Client", int, bytes], None]) -> None:
        self.answered = answered
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def send(self, request: bytes) -> None:
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, ended, body = self.buffer.partition(b"\r\n\r\n")
        if not ended:
            return
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if len(body) == int(length):
            self.buffer = b""
            self.answered(self, int(head[9:12]), body)


def request_of(content: dict) -> bytes:
    body = json.dumps(content).encode()
    head = "POST /entities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def closed_loop(
    port: int, requests: Sequence[bytes], n: int, clients: int, checker: Checker | None = None
) -> Load:
    """n requests by so many clients, each of which sends its next one after the last answer."""
    return asyncio.run(_Loop(port, requests, n, clients, checker).closed())


def open_loop(
    port: int, requests: Sequence[bytes], n: int, clients: int, rate: float, checker: Checker
) -> Load:
    """n requests at a fixed rate a second, whatever becomes of those before. Their time counts from
    when they were due."""
    return asyncio.run(_Loop(port, requests, n, clients, checker).open(rate))


class _Loop:
    def __init__(
        self, port: int, requests: Sequence[bytes], n: int, clients: int, checker: Checker | None
    ) -> None:
        self.port, self.requests, self.n, self.clients = port, requests, n, min(n, clients)
        self.checker = checker
        self.load = Load()
        self.sent = 0
        self.due: deque[float] = deque()
        self.idle: deque[Client] = deque()
        self.of: dict[Client, tuple[int, float]] = {}

    async def closed(self) -> Load:
        async def clients(idle: list[Client]) -> None:
            self.due.extend(perf_counter() for _ in range(self.n))
            for client in idle:
                self._next(client)

        return await self._timed(clients, is_closed=True)

    async def open(self, rate: float) -> Load:
        async def clients(idle: list[Client]) -> None:
            self.idle.extend(idle)
            start = perf_counter()
            for k in range(self.n):
                due = start + k / rate
                if (wait := due - perf_counter()) > 0:
                    await asyncio.sleep(wait)
                self.due.append(due)
                if self.idle:
                    self._next(self.idle.popleft())

        return await self._timed(clients, is_closed=False)

    async def _timed(self, run: Callable, *, is_closed: bool) -> Load:
        loop = asyncio.get_running_loop()
        self.done, self.is_closed = loop.create_future(), is_closed
        made = [
            await loop.create_connection(lambda: Client(self._answered), HOST, self.port)
            for _ in range(self.clients)
        ]
        start, cpu = perf_counter(), process_time()
        await run([client for _, client in made])
        await self.done
        self.load.wall = perf_counter() - start
        self.load.share = (process_time() - cpu) / self.load.wall
        for transport, _ in made:
            transport.close()
        return self.load

    def _next(self, client: Client) -> None:
        due = self.due.popleft()
        text = self.sent % len(self.requests)
        self.of[client] = text, perf_counter() if self.is_closed else due
        self.sent += 1
        client.send(self.requests[text])

    def _answered(self, client: Client, status: int, body: bytes) -> None:
        text, start = self.of[client]
        self.load.seconds.append(perf_counter() - start)
        if status != 200:
            self.load.errors += 1
        elif self.checker is not None and not self.checker.is_right(text, body):
            self.load.mismatches += 1
        if self.due:
            self._next(client)
        else:
            self.idle.append(client)
        if len(self.load.seconds) == self.n:
            self.done.set_result(None)
