"""The CRF's arithmetic against pytorch-crf's: loss with its gradients, decoding, probabilities.

    python benchmarks/crf_kernel.py
    python benchmarks/crf_kernel.py --rounds 40 --size 32x16x17

Sizes are sequences x tokens x tags. The two run in turn, ten times each, after a round that isn't
counted. The shortest round of each is printed, in milliseconds a run: other processes make the
others longer.
pytorch-crf has no probabilities and no n best paths.
"""

import platform
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import geometric_mean
from typing import Annotated

import torch
import torchcrf
import typer
from timing import time_in_turn

from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.entropy import entropy
from spacy_ner_archs.decoders.lattice.forward_backward import negative_log_likelihood, posterior
from spacy_ner_archs.decoders.lattice.n_best import n_best
from spacy_ner_archs.decoders.lattice.spans import candidates

#: Runs of a round.
REPEATS = 10
SIZES = ["32x16x17", "128x32x17", "32x20x73"]


def main(
    size: Annotated[list[str], typer.Option(help="Sequences x tokens x tags")] = SIZES,
    rounds: Annotated[int, typer.Option(help="Rounds that are counted")] = 20,
    threads: Annotated[int, typer.Option(help="Threads of torch")] = 1,
) -> None:
    """Print milliseconds of both, and how many times faster ours is."""
    torch.set_num_threads(threads)
    print(f"{processor()}, {threads} thread(s), torch {torch.__version__}")
    ratios: dict[str, list[float]] = {"loss": [], "decode": []}
    for text in size:
        times = milliseconds(*map(int, text.split("x")), rounds)
        print(text, ", ".join(f"{name} {ms:.2f}" for name, ms in times.items()))
        for name, values in ratios.items():
            values.append(times[f"pytorch-crf's {name}"] / times[name])
            print(f"  {name}: {values[-1]:.1f} times faster")
        print(f"  posterior / loss: {times['posterior'] / times['loss']:.2f}")
    for name, values in ratios.items():
        print(f"geometric mean, {name}: {geometric_mean(values):.1f} times faster")


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall("model name\\s*: (.*)", info.read_text()) if info.exists() else []
    return names[0] if names else platform.machine()


def milliseconds(n_sequences: int, n_tokens: int, n_tags: int, rounds: int) -> dict[str, float]:
    loops = {
        name: loop
        for side in (peers_loops, our_loops)
        for name, loop in side(*example(n_sequences, n_tokens, n_tags)).items()
    }
    blocks = {name: partial(repeat, loop) for name, loop in loops.items()}
    seconds = time_in_turn(blocks, rounds)
    return {name: 1e3 / REPEATS * min(times) for name, times in seconds.items()}


def repeat(loop: Callable[[], object]) -> None:
    for _ in range(REPEATS):
        loop()


def example(n_sequences: int, n_tokens: int, n_tags: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Emissions of a tagger that is rather sure that most tokens are outside, and gold tags."""
    torch.manual_seed(0)
    emissions = torch.randn(n_sequences, n_tokens, n_tags)
    emissions[..., biluo.OUTSIDE] += 6.0
    tags = torch.full((n_sequences, n_tokens), biluo.OUTSIDE)
    tags[:, 0] = biluo.tag(0, biluo.UNIT)
    return emissions.requires_grad_(), tags


def peers_loops(emissions: torch.Tensor, tags: torch.Tensor) -> dict[str, Callable[[], object]]:
    crf = torchcrf.CRF(emissions.shape[2], batch_first=True)
    mask = torch.ones_like(tags, dtype=torch.bool)
    return {
        "pytorch-crf's loss": lambda: crf(emissions, tags, mask, reduction="mean").neg().backward(),
        "pytorch-crf's decode": without_gradients(lambda: crf.decode(emissions, mask)),
    }


def our_loops(emissions: torch.Tensor, tags: torch.Tensor) -> dict[str, Callable[[], object]]:
    crf = CRF(nO=emissions.shape[2])
    mask = torch.ones_like(tags, dtype=torch.bool)
    chain = posterior(crf.scores(emissions), mask)

    def loss() -> None:
        negative_log_likelihood(crf.scores(emissions), tags, mask).mean().backward()

    probabilities = {
        "posterior": lambda: posterior(crf.scores(emissions), mask).marginals,
        "candidates": lambda: candidates(chain, 0.01),
        "entropy": lambda: entropy(chain),
        "5 best": lambda: n_best(crf.scores(emissions), mask, 5),
    }
    decode = without_gradients(lambda: crf.decode(emissions, mask, None))
    loops = {name: without_gradients(loop) for name, loop in probabilities.items()}
    return {"loss": loss, "decode": decode, **loops}


def without_gradients(loop: Callable[[], object]) -> Callable[[], object]:
    return torch.no_grad()(loop)


if __name__ == "__main__":
    typer.run(main)
