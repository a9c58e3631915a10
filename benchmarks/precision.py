"""What bfloat16 costs a pipeline, beside float32: F1, probabilities, entities; and what it gives.

    python benchmarks/precision.py training/char_cnn_bilstm_crf/model-best corpus/dev.spacy

With --emulate it runs on any processor, with like rounding, and gives no words a second: what goes
into a product and what comes out of it is rounded, and the product itself is in float32, as in the
processor's instructions.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import spacy
import torch
import typer
from pipe_speed import pipe_loop, texts_of
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.training import Corpus, Example
from timing import print_speeds, time_in_turn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map_only

from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.thinc_layers.torch_shim import shim_of
from spacy_ner_archs.torch_layers import precision
from spacy_ner_archs.torch_layers.precision import Dtype

DTYPES: tuple[Dtype, Dtype] = ("float32", "bfloat16")
aten = torch.ops.aten
PRODUCTS = {
    aten.mm,
    aten.addmm,
    aten.bmm,
    aten.baddbmm,
    aten.convolution,
    aten._scaled_dot_product_flash_attention_for_cpu,
}
#: Docs that are predicted at once: a transformer's vectors are kept as long.
CHUNK = 500


def main(
    model: Annotated[Path, typer.Argument(help="A trained pipeline")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file")],
    emulate: Annotated[bool, typer.Option(help="Compute without the instructions")] = False,
    limit: Annotated[int, typer.Option(help="Docs at most; 0: all")] = 0,
    alone: Annotated[int, typer.Option(help="Docs that are also predicted alone")] = 300,
    rounds: Annotated[int, typer.Option(help="Runs of each that are timed")] = 5,
) -> None:
    """Print a line for each figure."""
    with emulated() if emulate else nullcontext():
        pipelines = {dtype: load(model, dtype) for dtype in DTYPES}
        for line in compare(pipelines, corpus, limit, alone):
            typer.echo(line)
    if not emulate:
        texts = texts_of(corpus)
        loops = {dtype: pipe_loop(pipelines[dtype], texts) for dtype in reversed(DTYPES)}
        print_speeds(time_in_turn(loops, rounds), sum(map(len, texts)))


class Emulated(TorchDispatchMode):
    """The products of bfloat16 tensors in this thread are computed in float32."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        tensors = [each for each in tree_leaves(args) if isinstance(each, torch.Tensor)]
        is_bfloat16 = any(each.dtype == torch.bfloat16 for each in tensors)
        if not is_bfloat16 or func.overloadpacket not in PRODUCTS:
            return func(*args, **kwargs or {})
        args, kwargs = tree_map_only(torch.Tensor, _exactly, (args, kwargs or {}))
        output = func(*args, **kwargs)
        return tree_map_only(torch.Tensor, torch.Tensor.bfloat16, output)


def _exactly(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor


@contextmanager
def emulated() -> Iterator[None]:
    """In one thread, and without oneDNN, whose LSTM in bfloat16 is one operation."""
    precision.has_bfloat16 = lambda device: True  # type: ignore[assignment]
    torch.set_num_threads(1)
    with torch.backends.mkldnn.flags(enabled=False), Emulated():
        yield


def load(model: Path, dtype: Dtype) -> Language:
    """A pipeline that computes in a dtype, a transformer in it included."""
    nlp = spacy.load(model)
    find_tagger(nlp).dtype = dtype
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            if node.name == "transformer":
                shim_of(node).dtype = dtype
    return nlp


class Predicted:
    """What a pipeline says of docs. tokens: probabilities [tokens, 1 + labels] of each doc.
    scores: of the entities of the first pipeline, one after another."""

    def __init__(self, nlp: Language, examples: list[Example], first: "Predicted | None" = None):
        tagger = find_tagger(nlp)
        self.docs = list(nlp.pipe(eg.predicted.copy() for eg in examples))
        self.examples = [
            Example(doc, eg.reference) for doc, eg in zip(self.docs, examples, strict=True)
        ]
        self.ents = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in self.docs]
        self.tokens = tagger.token_probabilities(self.docs)
        asked = first.ents if first else self.ents
        self.scores = np.concatenate([*tagger.span_probabilities(self.docs, asked), []])


def compare(
    pipelines: dict[Dtype, Language], corpus: Path, limit: int, n_alone: int
) -> Iterator[str]:
    examples = list(Corpus(corpus, limit=limit)(pipelines["float32"]))
    found: dict[Dtype, list[Example]] = {dtype: [] for dtype in DTYPES}
    tokens, scores, other = [], [], 0
    for chunk in spacy.util.minibatch(examples, CHUNK):
        exact = Predicted(pipelines["float32"], chunk)
        rounded = Predicted(pipelines["bfloat16"], chunk, exact)
        tokens += list(map(_differences, exact.tokens, rounded.tokens))
        scores.append(np.abs(exact.scores - rounded.scores))
        other += sum(a != b for a, b in zip(exact.ents, rounded.ents, strict=True))
        found["float32"] += exact.examples
        found["bfloat16"] += rounded.examples
    yield f"docs: {len(examples):,}, with other entities: {other / len(examples):.2%}"
    for dtype in DTYPES:
        yield f"F1 in {dtype}: {100 * get_ner_prf(found[dtype])['ents_f']:.3f}"
    yield _line("probabilities of tokens, bfloat16 against float32", tokens)
    yield _line("scores of entities, bfloat16 against float32", scores)
    for dtype, nlp in pipelines.items():
        few = examples[:n_alone]
        batched = Predicted(nlp, few)
        alone = [Predicted(nlp, [example]) for example in few]
        apart = [_differences(a.tokens[0], b) for a, b in zip(alone, batched.tokens, strict=True)]
        yield _line(f"probabilities of tokens, alone against batched, {dtype}", apart)


def _differences(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The largest of each token's probabilities [T]."""
    return np.abs(one - other).max(1, initial=0.0)


def _line(name: str, differences: list[np.ndarray]) -> str:
    flat = np.sort(np.concatenate(differences))
    quantile = flat[int(0.999 * (len(flat) - 1))]
    return (
        f"{name}: largest {flat[-1]:.5f}, mean {flat.mean():.6f}, 99.9 % below {quantile:.5f}, "
        f"above .01: {np.mean(flat > 0.01):.3%} of {len(flat):,}"
    )


if __name__ == "__main__":
    typer.run(main)
