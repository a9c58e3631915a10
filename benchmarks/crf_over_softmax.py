r"""Training time of the CRF over the softmax, with the same network.

    python benchmarks/crf_over_softmax.py configs/bilstm_crf.cfg configs/bilstm.cfg \
        corpus/train.spacy

The two train on the same batches, in turn, after a round that isn't counted.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.training.initialize import init_nlp
from spacy.training.loop import create_train_batches
from spacy.util import load_config, registry, resolve_dot_names
from train_epoch import print_ratio, spacy_epoch, time_in_turn


def main(
    crf: Annotated[Path, typer.Argument(help="Config of the CRF")],
    softmax: Annotated[Path, typer.Argument(help="Config of the softmax, otherwise the same")],
    corpus: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    rounds: Annotated[int, typer.Option(help="Epochs of each that are counted")] = 3,
) -> None:
    """Print the seconds of an epoch of both and their ratio."""
    loops = {"crf": _loop(crf, corpus), "softmax": _loop(softmax, corpus)}
    print_ratio(time_in_turn(loops, rounds))


def _loop(config: Path, corpus: Path) -> Any:
    overrides = {"paths.train": str(corpus), "paths.dev": str(corpus)}
    nlp = init_nlp(load_config(config, overrides=overrides))
    resolved = nlp.config.interpolate()
    settings = registry.resolve(resolved["training"])
    (read,) = resolve_dot_names(resolved, [settings["train_corpus"]])
    batches = [batch for _, batch in create_train_batches(nlp, read, settings["batcher"], 1)]
    return lambda: spacy_epoch(nlp, batches, settings["optimizer"], settings["dropout"])


if __name__ == "__main__":
    typer.run(main)
