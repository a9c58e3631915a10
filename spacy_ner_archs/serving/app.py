"""The HTTP service of a pipeline."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from spacy.language import Language

from spacy_ner_archs.serving.about_model import about_model
from spacy_ner_archs.serving.counting import Counting
from spacy_ner_archs.serving.endpoint import EntitiesEndpoint
from spacy_ner_archs.serving.inference_queue import InferenceQueue
from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.metrics import Metrics
from spacy_ner_archs.serving.openapi import REQUEST_BODY, RESPONSES
from spacy_ner_archs.serving.page_files import page_router
from spacy_ner_archs.serving.questions import answer
from spacy_ner_archs.serving.request import Refused

#: Seconds after which a client that was refused for want of room may ask again.
RETRY_AFTER = "1"


def make_app(nlp: Language, name: str, limits: Limits) -> FastAPI:
    """A service of a pipeline. name: how the pipeline was given."""
    metrics = Metrics()
    queue = InferenceQueue(partial(answer, nlp), limits, metrics)
    app = FastAPI(
        title="Named entities",
        version=version("spacy-ner-archs"),
        description=f"The entities of texts, by the spaCy pipeline {name}",
        # those pages load scripts from other machines
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_ending, queue),
        exception_handlers={Refused: _refusal, Exception: _failure},
    )
    app.add_middleware(Counting, metrics=metrics)
    app.post("/entities", responses=RESPONSES, openapi_extra={"requestBody": REQUEST_BODY})(
        EntitiesEndpoint(nlp, queue, limits).entities
    )
    _add_about(app, about_model(nlp, name, limits), metrics)
    app.include_router(page_router())
    return app


@asynccontextmanager
async def _ending(queue: InferenceQueue, app: FastAPI) -> AsyncIterator[None]:
    yield
    queue.close()


def _add_about(app: FastAPI, about: dict[str, Any], metrics: Metrics) -> None:
    @app.get("/model")
    async def model() -> JSONResponse:
        """The pipeline: its labels, meta, card, and the versions of what computes it."""
        return JSONResponse(about)

    @app.get("/health")
    async def health() -> JSONResponse:
        """Whether the service takes requests."""
        return JSONResponse({"status": "ok"})

    @app.get("/metrics")
    async def prometheus() -> Response:
        """Counters in Prometheus's format."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def _refusal(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    headers = {"Retry-After": RETRY_AFTER} if refused.status == 503 else None
    return JSONResponse({"detail": refused.reason}, refused.status, headers)


async def _failure(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": f"the service failed: {type(error).__name__}"}, 500)
