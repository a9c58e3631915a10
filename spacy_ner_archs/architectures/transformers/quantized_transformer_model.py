from functools import partial
from typing import Any, Literal

from spacy.tokens import Doc
from thinc.api import Model

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.transformers.subword_tokenizer import SubwordTokenizer
from spacy_ner_archs.architectures.transformers.transformer_model import (
    check_windows,
    forward,
    read_docs,
    windowed_model,
)
from spacy_ner_archs.extras import require_extra
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.quantized_encoder import QuantizedEncoder

#: Arguments that it shares with `TransformerModel`.
SETTINGS = ("window", "context", "unit", "max_padded", "tokenizer_config")


def QuantizedTransformerModel(
    window: int = 256,
    context: int = 32,
    unit: Literal["doc", "sentence"] = "doc",
    max_padded: int = 2048,
    tokenizer_config: dict[str, Any] | None = None,
) -> Model[list[Doc], Any]:
    """A `TransformerModel` with 8-bit weights, for prediction on processors. The command
    `python -m spacy ner quantize` makes it of a trained one; it can't be trained.

    window (int): Sub-words of a window at most, the special ones included.
    context (int): Sub-words that a window reads at most on either side of what it is for.
    unit (str): What a window is for: "doc" or "sentence".
    max_padded (int): Sub-words of a batch at most, padding included.
    tokenizer_config (Optional[Dict[str, Any]]): Arguments for the tokenizer's `from_pretrained`.
    """
    require_extra("onnx", "quantized transformers")
    check_windows(window, context, unit)
    at_least(1, "QuantizedTransformerModel", max_padded=max_padded)
    return windowed_model(
        "quantized_transformer",
        _forward,
        TorchShim(QuantizedEncoder, {"max_padded": max_padded}, all_threads=True),
        _init,
        partial(read_docs, window=window, context=context, unit=unit),
        SubwordTokenizer({}, tokenizer_config or {}),
    )


def _forward(model: Model, docs: list[Doc], is_train: bool) -> tuple:
    if is_train:
        raise ValueError(
            "a quantized transformer can't be trained: train the pipeline that it was made of, or "
            "freeze it (frozen_components)"
        )
    return forward(model, docs, is_train)


def _init(model: Model, X: Any = None, Y: Any = None) -> None:
    if not shim_of(model).is_built:
        raise ValueError(
            "a quantized transformer has no weights of its own to start with: it is made of a "
            "trained one with python -m spacy ner quantize"
        )


def quantize_model(model: Model[list[Doc], Any], config: dict[str, Any]) -> Model[list[Doc], Any]:
    """Make it of a trained `TransformerModel` and its config. Raises ValueError where the encoder
    can't be exported."""
    from spacy_ner_archs.torch_layers.quantization import quantize

    quantized = QuantizedTransformerModel(**quantized_settings(config))
    module = quantize(shim_of(model).module)
    shim_of(quantized).build(
        width=module.width, max_positions=module.max_positions, pad_id=module.pad_id
    )
    shim_of(quantized).module.load_state_dict(module.state_dict())
    quantized.attrs["tokenizer"] = model.attrs["tokenizer"]
    quantized.set_dim("nO", module.width)
    return quantized


def quantized_settings(config: dict[str, Any]) -> dict[str, Any]:
    """Of the config of a `TransformerModel`, what holds for a quantized one, too."""
    return {name: config[name] for name in SETTINGS if name in config}
