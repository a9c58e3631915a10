"""The service that is usually written: `nlp(text)` for each request. Peer of `serve.py`.

python benchmarks/one_text_a_request.py training/mine/model-best 8001
"""

import spacy
import typer
from fastapi import FastAPI
from pydantic import BaseModel

from spacy_ner_archs.inference.entities import EntityRow, entity_rows
from spacy_ner_archs.serving.server import Server, bound_socket


class Body(BaseModel):
    text: str


class Found(BaseModel):
    entities: list[EntityRow]


def main(model: str, port: int, in_threads: bool = False) -> None:
    """In the event loop, or, with --in-threads, in FastAPI's threads."""
    nlp = spacy.load(model)
    app = FastAPI()

    def found(body: Body) -> Found:
        return Found(entities=entity_rows(nlp(body.text)))

    async def found_in_loop(body: Body) -> Found:
        return found(body)

    app.post("/entities")(found if in_threads else found_in_loop)
    nlp("The first text takes longer than others.")
    bound = bound_socket("127.0.0.1", port)
    Server(app, lambda: print("answers", bound.getsockname()[1], flush=True)).run([bound])


if __name__ == "__main__":
    typer.run(main)
