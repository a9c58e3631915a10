from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spacy_ner_archs.serving.metrics import Metrics


class Counting:
    """ASGI middleware: counts the requests of an application by path and status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                # one name for all that are not there: anyone can make up paths
                path = getattr(scope.get("route"), "path", "other")
                self._metrics.count_request(path, message["status"], perf_counter() - started)
            await send(message)

        await self._app(scope, receive, send_counted)
