"""Time and trained weights of fine-tuning a transformer: all of it, its upper half, adapters.

    python benchmarks/fine_tuning.py ENCODER corpus/train.spacy --layers 3

ENCODER is a folder, or a name on the Hugging Face hub. The three train on the same batches, in
turn, after a round that isn't counted.
"""

from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from spacy_loop import SpacyLoop
from timing import time_in_turn

from spacy_ner_archs.thinc_layers.torch_shim import TorchShim

CONFIG = Path(__file__).parents[1] / "configs" / "transformer.cfg"
MODEL = "components.transformer.model"
LORA = {
    "r": 16,
    "lora_alpha": 32,
    "lora_dropout": 0.1,
    "target_modules": ["query", "key", "value", "dense"],
}


def main(
    encoder: Annotated[str, typer.Argument(help="Folder, or name on the Hugging Face hub")],
    corpus: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    layers: Annotated[int, typer.Option(help="Layers that are frozen, from the lowest")] = 6,
    rounds: Annotated[int, typer.Option(help="Runs of each that are counted")] = 1,
    limit: Annotated[int, typer.Option(help="Batches of an epoch; 0 for all")] = 100,
) -> None:
    """Print the seconds of each, as shares of the first's, and the weights that are trained."""
    variants: dict[str, dict[str, Any]] = {
        "all": {},
        f"embeddings and {layers} layers frozen": {
            f"{MODEL}.freeze_embeddings": True,
            f"{MODEL}.freeze_layers": layers,
        },
        "adapters": {f"{MODEL}.lora": LORA},
    }
    loops = {
        name: SpacyLoop(CONFIG, corpus, {"paths.encoder": encoder, **settings}, limit)
        for name, settings in variants.items()
    }
    times = time_in_turn({name: loop.epoch for name, loop in loops.items()}, rounds)
    base = median(times["all"])
    for name, seconds in times.items():
        weights = f"{n_trained(loops[name]):,} weights trained"
        print(f"{name}: {median(seconds):.2f} s, ratio {median(seconds) / base:.2f}, {weights}")


def n_trained(loop: SpacyLoop) -> int:
    """Weights of the pipeline that training moves."""
    shims = {
        shim.id: shim
        for _, pipe in loop.nlp.pipeline
        for node in pipe.model.walk()
        for shim in node.shims
        if isinstance(shim, TorchShim)
    }
    return sum(
        weights.numel()
        for shim in shims.values()
        for weights in shim.module.parameters()
        if weights.requires_grad
    )


if __name__ == "__main__":
    typer.run(main)
