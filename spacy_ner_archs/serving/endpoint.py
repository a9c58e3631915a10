"""`POST /entities`"""

import asyncio
import json

from fastapi import Request
from fastapi.responses import Response
from spacy.language import Language

from spacy_ner_archs.serving.inference_queue import InferenceQueue, QueueFull
from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.questions import Answer, Question, check
from spacy_ner_archs.serving.request import EntitiesRequest, Refused, parsed


class EntitiesEndpoint:
    """Reads a request, has the queue answer it, and writes the answer."""

    def __init__(self, nlp: Language, queue: InferenceQueue, limits: Limits) -> None:
        self._nlp = nlp
        self._queue = queue
        self._limits = limits

    async def entities(self, request: Request) -> Response:
        """Find the entities of one text, or of several.

        A text that can't be computed is answered with status 422, or, among several, with an
        `error` in its place.
        """
        asked = parsed(await _body(request, self._limits.bytes), self._limits)
        self._check(asked.question)
        found = await self._answer(asked.question, request)
        content = json.dumps(_content(asked, found), ensure_ascii=False)
        return Response(content, media_type="application/json")

    def _check(self, question: Question) -> None:
        try:
            check(self._nlp, question)
        except ValueError as error:
            raise Refused(422, f"this pipeline: {error}") from None

    async def _answer(self, question: Question, request: Request) -> Answer:
        try:
            answer = self._queue.put(question)
        except QueueFull:
            raise Refused(503, "too many texts wait; try again") from None
        # once the body is read, the next message says that the client has left
        leaving = asyncio.ensure_future(request.receive())
        leaving.add_done_callback(lambda _: answer.cancel())
        try:
            return await answer
        except asyncio.CancelledError:
            raise Refused(503, "the service ends") from None
        finally:
            leaving.cancel()


async def _body(request: Request, most_bytes: int) -> bytes:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > most_bytes:
            raise Refused(413, f"more than {most_bytes} bytes")
    return bytes(chunks)


def _content(asked: EntitiesRequest, found: Answer) -> object:
    if asked.texts is not None:
        return {"results": found.results}
    result = found.results[0]
    if "error" in result:
        raise Refused(422, result["error"])
    return result
