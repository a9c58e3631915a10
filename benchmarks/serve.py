"""`python -m spacy ner serve` under load, against a service that calls `nlp(text)` a request.

    python benchmarks/serve.py training/char_cnn_bilstm_crf/model-best corpus/test.spacy

All servers have the same uvicorn, and run in processes of their own; one at a time is asked. This
process is the clients. Prints the answers a second, those that differ from `nlp(text)`, the latency
at a share of the highest rate, and how the memory grows with words that were never seen.
"""

import random
import re
import string
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated
from urllib.request import urlopen

import spacy
import typer
from http_load import HOST, Checker, Load, closed_loop, open_loop, request_of
from spacy.tokens import DocBin
from timing import print_machine

from spacy_ner_archs.inference.entities import entity_rows

#: Texts of a request, and words of a text, that has no word seen before.
NEW_TEXTS, NEW_WORDS = 50, 20
#: How often memory is measured: caches and the allocator's pools fill at first.
GROWTHS = 8


def main(
    model: Annotated[str, typer.Argument(help="The pipeline, by name or folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file; its docs are the texts")],
    requests: Annotated[int, typer.Option(help="Requests in all, whose answers are checked")] = (
        100_000
    ),
    clients: Annotated[int, typer.Option(help="Each sends its next request after an answer")] = 64,
    rounds: Annotated[int, typer.Option(help="Runs of each service to compare them")] = 3,
    per_round: Annotated[int, typer.Option(help="Requests of such a run")] = 4000,
    share: Annotated[float, typer.Option(help="Of the highest rate, to measure latency")] = 0.8,
    new_tokens: Annotated[int, typer.Option(help="To measure how memory grows")] = 100_000,
) -> None:
    """Print what the service does under load."""
    print_machine()
    texts = texts_of(corpus)
    checker = Checker(expected_of(model, texts))
    load = [request_of({"text": text}) for text in texts]
    compare(model, load, clients, rounds, per_round, checker)
    with serving(model) as port:
        done = closed_loop(port, load, requests, clients, checker)
        show(f"{requests:,} requests", done)
        rate = done.rate  # the highest of this very server, just now
        done = open_loop(port, load, int(20 * share * rate), 256, share * rate, checker)
        show(f"{share * rate:,.0f} requests a second, as fixed", done)
        for seed in range(GROWTHS):
            show_growth(port, new_tokens, seed)


def show_growth(port: int, n_tokens: int, seed: int) -> None:
    before = resident_bytes(port)
    load = new_requests(n_tokens, seed)
    closed_loop(port, load, len(load), 4)
    growth = resident_bytes(port) - before
    print(f"{n_tokens:,} new words: {growth / 1e6:+.1f} MB, from {before / 1e6:.0f} MB", flush=True)


def texts_of(corpus: Path) -> list[str]:
    docs = DocBin().from_disk(corpus).get_docs(spacy.blank("en").vocab)
    return list(dict.fromkeys(doc.text for doc in docs))


def expected_of(model: str, texts: Sequence[str]) -> list[list[dict]]:
    nlp = spacy.load(model)
    return [list(map(dict, entity_rows(nlp(text)))) for text in texts]


def compare(
    model: str,
    load: Sequence[bytes],
    clients: int,
    rounds: int,
    per_round: int,
    checker: Checker,
) -> None:
    """Prints the services' rates, and their ratio."""
    with serving(model) as ours, one_by_one(model) as loop, one_by_one(model, True) as threads:
        ports = {"serve": ours, "nlp(text), event loop": loop, "nlp(text), threads": threads}
        done: dict[str, list[Load]] = {name: [] for name in ports}
        for i in range(rounds + 1):
            for name, port in ports.items():
                n = per_round if name == "serve" else per_round // 4
                if i:
                    done[name].append(closed_loop(port, load, n, clients, checker))
                else:
                    closed_loop(port, load, n // 4, clients, checker)
    rates = {name: median(each.rate for each in of_name) for name, of_name in done.items()}
    for name, of_name in done.items():
        for each in of_name:
            show(name, each)
    fastest = max(rate for name, rate in rates.items() if name != "serve")
    print(f"ratio to the faster peer: {rates['serve'] / fastest:.2f}")


def show(name: str, load: Load) -> None:
    percentiles = ", ".join(f"p{p} {load.milliseconds(p):.0f}" for p in (50, 99))
    print(
        f"{name}: {load.rate:,.0f} a second, {percentiles} ms, {load.errors} errors, "
        f"{load.mismatches} mismatches; the clients took {100 * load.share:.0f} % of a core",
        flush=True,
    )


def serving(model: str):
    return _server([sys.executable, "-m", "spacy", "ner", "serve", model, "--port", "0"])


def one_by_one(model: str, in_threads: bool = False):
    peer = str(Path(__file__).parent / "one_text_a_request.py")
    options = ["--in-threads"] if in_threads else []
    return _server([sys.executable, peer, model, "0", *options])


@contextmanager
def _server(command: list[str]) -> Iterator[int]:
    """Runs a server; its port."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "answers" in line)
            yield int(re.findall(r"\d+", line)[-1])
        finally:
            process.terminate()


def resident_bytes(port: int) -> float:
    with urlopen(f"http://{HOST}:{port}/metrics") as answer:
        metrics = answer.read().decode()
    return float(re.search(r"^process_resident_memory_bytes (\S+)", metrics, re.M)[1])


def new_requests(n_tokens: int, seed: int) -> list[bytes]:
    draw = random.Random(seed)

    def word() -> str:
        return "".join(draw.choices(string.ascii_letters, k=draw.randint(6, 12)))

    texts = [" ".join(word() for _ in range(NEW_WORDS)) for _ in range(n_tokens // NEW_WORDS)]
    return [
        request_of({"texts": texts[i : i + NEW_TEXTS]}) for i in range(0, len(texts), NEW_TEXTS)
    ]


if __name__ == "__main__":
    typer.run(main)
