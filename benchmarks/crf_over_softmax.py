r"""Training time of the CRF over the softmax, with the same network.

    python benchmarks/crf_over_softmax.py configs/bilstm_crf.cfg configs/bilstm.cfg \
        corpus/train.spacy

The two train on the same batches, in turn, after a round that isn't counted.
"""

from pathlib import Path
from typing import Annotated

import typer
from spacy_loop import SpacyLoop
from timing import print_seconds, time_in_turn


def main(
    crf: Annotated[Path, typer.Argument(help="Config of the CRF")],
    softmax: Annotated[Path, typer.Argument(help="Config of the softmax, otherwise the same")],
    corpus: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    rounds: Annotated[int, typer.Option(help="Epochs of each that are counted")] = 3,
) -> None:
    """Print the seconds of an epoch of both and their ratio."""
    loops = {"crf": SpacyLoop(crf, corpus, {}), "softmax": SpacyLoop(softmax, corpus, {})}
    print_seconds(time_in_turn({name: loop.epoch for name, loop in loops.items()}, rounds))


if __name__ == "__main__":
    typer.run(main)
