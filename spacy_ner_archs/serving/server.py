"""uvicorn, as this service needs it."""

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

#: Seconds that requests have to be answered when the service ends.
ENDING_SECONDS = 30


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket at an address, which doesn't listen yet. Raises OSError where it is taken."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


class Server(uvicorn.Server):
    """Logs no request, and ends when all are answered.

    when_listening: called once clients can connect.
    """

    def __init__(self, app: FastAPI, when_listening: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ENDING_SECONDS,
        )
        super().__init__(config)
        self._when_listening = when_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_listening()
