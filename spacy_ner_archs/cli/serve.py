"""`python -m spacy ner serve`"""

from contextlib import suppress
from functools import partial
from socket import socket
from typing import Annotated

import typer

from spacy_ner_archs.cli.failing import failing, needs
from spacy_ner_archs.cli.predicting import GpuOption, load, use_gpu
from spacy_ner_archs.cli.printing import printing


def serve_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    host: Annotated[str, typer.Option("--host", help="Address to listen at")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 for one that is free")
    ] = 8000,
    max_texts: Annotated[int, typer.Option("--max-texts", min=1, help="Of a request")] = 256,
    max_chars: Annotated[
        int, typer.Option("--max-chars", min=1, help="Of a request, its texts together")
    ] = 100_000,
    max_batch: Annotated[
        int, typer.Option("--max-batch", min=1, help="Texts that are computed together")
    ] = 256,
    max_waiting: Annotated[
        int, typer.Option("--max-waiting", min=1, help="Texts in the queue; then status 503")
    ] = 1024,
    gpu_id: GpuOption = -1,
) -> None:
    """Answer HTTP requests with the entities of their texts.

    Texts that arrive together are computed together. The address itself is a page to try the
    pipeline on; /openapi.json describes the rest. Texts aren't logged. Ctrl-C ends the service when
    all that waits is answered.
    """
    needs("serve", "serving")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.pipeline.memory import keep_all
    from spacy_ner_archs.serving.app import make_app
    from spacy_ner_archs.serving.limits import Limits
    from spacy_ner_archs.serving.server import Server, bound_socket

    use_gpu(gpu_id)
    with failing(f"--host {host} --port {port}"):
        bound = bound_socket(host, port)
    nlp = load(model).nlp
    with failing(f"{model}: can't predict"):
        nlp("The first text takes longer than others.")
    keep_all()
    limits = Limits(max_texts, max_chars, max_batch, max_waiting)
    server = Server(make_app(nlp, model, limits), partial(_tell, model, host, bound))
    with suppress(KeyboardInterrupt):  # uvicorn sends the signal again that has ended it
        server.run(sockets=[bound])


def _tell(model: str, host: str, bound: socket) -> None:
    port = bound.getsockname()[1]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    with printing():
        typer.echo(f"{model} answers at http://{address} until Ctrl-C")
