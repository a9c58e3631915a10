"""A trained pipeline with its transformers in 8 bits."""

from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from thinc.api import Model

from spacy_ner_archs.architectures.transformers.quantized_transformer_model import (
    quantize_model,
    quantized_settings,
)
from spacy_ner_archs.pipeline.models import transformers_of
from spacy_ner_archs.pipeline.wheel_requirements import require_in_wheel

TRANSFORMER = "spacy-ner-archs.TransformerModel.v1"
QUANTIZED = "spacy-ner-archs.QuantizedTransformerModel.v1"


def quantize_pipeline(nlp: Language) -> int:
    """Quantize each `TransformerModel` of a pipeline, whether components share it or one has it.
    The pipeline is changed. Returns how many there were. Raises ValueError, in one line, where
    there is none, or where one can't be quantized."""
    n_quantized = sum(_quantize_component(nlp, name) for name, _ in nlp.pipeline)
    if not n_quantized:
        raise ValueError("has no transformer of spacy-ner-archs (TransformerModel) to quantize")
    nlp.meta["performance"] = {}
    return n_quantized


def _quantize_component(nlp: Language, name: str) -> int:
    pipe: Any = nlp.get_pipe(name)
    config = nlp.get_pipe_config(name)
    sections = list(_transformer_sections(config))
    if not sections:
        return 0
    nodes = transformers_of(pipe.model)
    if len(nodes) != len(sections):
        raise ValueError(
            f"'{name}' has {len(nodes)} transformers, and its config {len(sections)}: it can't be "
            "told which is which"
        )
    for node, section in zip(nodes, sections, strict=True):
        _replace(pipe, node, quantize_model(node, section))
        settings = quantized_settings(section)
        section.clear()
        section.update({"@architectures": QUANTIZED, **settings})
    require_in_wheel(nlp, pipe.model)
    return len(nodes)


def _transformer_sections(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """In the order of the model's layers, which is that of an ensemble's members."""
    if config.get("@architectures") == TRANSFORMER:
        yield config
        return
    for value in config.values():
        if isinstance(value, dict):
            yield from _transformer_sections(value)


def _replace(pipe: Any, old: Model, new: Model) -> None:
    if pipe.model is old:
        pipe.model = new
    else:
        pipe.model.replace_node(old, new)
