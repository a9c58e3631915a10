"""From a transformer in single precision to one with 8-bit weights."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from spacy_ner_archs.extras import require_extra
from spacy_ner_archs.torch_layers.quantized_encoder import QuantizedEncoder
from spacy_ner_archs.torch_layers.transformer_encoder import TransformerEncoder

#: Sub-words of the sequences that the two are compared on; a trace may hold for one length only.
TRIALS = [(2, 7), (3, 12)]
#: The lowest cosine of a sub-word's two vectors. Those of a wrong trace are far below.
MIN_COSINE = 0.9


def quantize(encoder: TransformerEncoder) -> QuantizedEncoder:
    """Quantize the weights of the linear layers to 8 bits, with a scale for each output, and have
    their inputs quantized at run time (Zafrir et al. 2019, Q8BERT, without its training): with one
    scale for a batch, so that a vector depends a little on the others of its batch. Embeddings,
    attention, normalization and activations stay in single precision.

    Raises ValueError where the network can't be exported.
    """
    require_extra("onnx", "quantized transformers")
    quantized = QuantizedEncoder(
        width=encoder.width,
        max_positions=encoder.max_positions,
        pad_id=encoder.pad_id,
        max_padded=encoder.max_padded,
    )
    traceable = _Traceable(encoder)
    try:
        onnx = _quantize_weights(_export(traceable))
        quantized.load_state_dict({"onnx": torch.frombuffer(bytearray(onnx), dtype=torch.uint8)})
        cosine = min(_cosine(traceable, quantized, *shape) for shape in TRIALS)
    except Exception as error:  # torch, onnx and onnxruntime raise all kinds of them
        name = type(encoder.encoder).__name__
        raise ValueError(f"{name} can't be exported: {' '.join(str(error).split())}") from error
    if not cosine >= MIN_COSINE:
        raise ValueError(f"the quantized encoder gives other vectors (cosine {cosine:.2f})")
    return quantized


class _Traceable(nn.Module):
    """A copy on the processor with the plain attention, which all exporters know."""

    def __init__(self, encoder: TransformerEncoder):
        super().__init__()
        config = encoder.encoder.config
        copy = AutoModel.from_config(config, attn_implementation="eager")
        if getattr(copy, "pooler", None) is not None:
            copy.pooler = None
        state = encoder.state_dict()  # the adapters are merged into it
        copy.load_state_dict({k.removeprefix("encoder."): v.cpu() for k, v in state.items()})
        self.encoder: Any = copy.float()
        self.n_ids = config.vocab_size
        self.eval()

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state


def _sample(traceable: _Traceable, n: int, length: int) -> tuple[Tensor, Tensor]:
    """Any sub-words; the last sequence is shorter than the others by two."""
    ids = torch.arange(n * length).reshape(n, length) % traceable.n_ids
    mask = torch.ones(n, length, dtype=torch.long)
    mask[-1, -2:] = 0
    return ids, mask


def _export(traceable: _Traceable) -> bytes:
    axes = {name: {0: "sequences", 1: "subwords"} for name in ("ids", "mask", "vectors")}
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        path = Path(folder) / "encoder.onnx"
        # the newer exporter takes a minute where this takes seconds, and needs another library
        warnings.simplefilter("ignore")
        torch.onnx.export(
            traceable,
            _sample(traceable, 2, 9),
            path,
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        return path.read_bytes()


def _quantize_weights(onnx: bytes) -> bytes:
    from onnx import load_model_from_string
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory() as folder, _without_log():
        path = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            load_model_from_string(onnx),
            path,
            per_channel=True,
            # 7 of the 8 bits: sums of two products overflow on processors without VNNI
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],  # 8-bit embeddings are smaller, but cost .2 of F1
            extra_options={"MatMulConstBOnly": True},
        )
        return path.read_bytes()


@contextmanager
def _without_log() -> Iterator[None]:
    """onnxruntime advises a step that makes no difference here."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _cosine(traceable: _Traceable, quantized: QuantizedEncoder, n: int, length: int) -> float:
    """The mean of the sub-words'."""
    ids, mask = _sample(traceable, n, length)
    with torch.no_grad():
        vectors = traceable(ids, mask), quantized.encode(ids, mask.bool())
    return torch.cosine_similarity(*vectors, dim=-1)[mask.bool()].mean().item()
