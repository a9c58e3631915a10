from functools import partial
from typing import Any

from spacy.tokens import Doc
from thinc.api import Model, chain
from thinc.types import Floats2d, Ragged

from spacy_ner_archs.architectures.slots import Tok2Vec


def TransformerEmbed(
    transformer: Model[list[Doc], Any],
    pooling: Model[Ragged, Floats2d],
    grad_factor: float = 1.0,
) -> Tok2Vec:
    """A transformer that belongs to one component, where a listener shares that of the pipeline.
    It is what `nlp.replace_listeners` puts in the listener's place.

    transformer (Model[List[Doc], FullTransformerBatch]): See `TransformerModel`.
    pooling (Model[Ragged, Floats2d]): Makes a word's vector of its sub-words'.
    grad_factor (float): Factor of the gradients that the transformer gets.
    """
    return chain(replace_listener(transformer), _word_vectors(pooling, grad_factor))


def _word_vectors(pooling: Model[Ragged, Floats2d], grad_factor: float) -> Model:
    """spacy-transformers' `trfs2arrays`, but with the config's grad_factor: it stores its own."""
    return Model("trfs2arrays", partial(_forward, grad_factor=grad_factor), layers=[pooling])


def _forward(model: Model, data: list[Any], is_train: bool, *, grad_factor: float) -> tuple:
    from spacy_transformers.layers.trfs2arrays import trfs2arrays

    layer = trfs2arrays(model.layers[0], grad_factor)
    layer.ops = model.ops  # another thread's default may be another
    return layer(data, is_train)


def replace_listener(transformer: Model) -> Model:
    from spacy_transformers.layers.split_trf import split_trf_batch

    return chain(transformer, split_trf_batch())


def replace_listener_cfg(
    transformer: dict[str, Any], tok2vec: dict[str, Any] | None
) -> dict[str, Any]:
    """The config of the replacement, from the transformer's and that of the tagger's tok2vec, which
    is a listener or has one in it; or has none, and so the default."""
    listener = _find_listener(tok2vec or {}) or {}
    config = {
        "@architectures": "spacy-ner-archs.TransformerEmbed.v1",
        "transformer": transformer,
        "pooling": {"@layers": "spacy-ner-archs.SubwordPooling.v1", "reduce": "first"},
    }
    config.update((key, listener[key]) for key in ("pooling", "grad_factor") if key in listener)
    return config


def _find_listener(config: dict[str, Any]) -> dict[str, Any] | None:
    if "TransformerListener" in config.get("@architectures", ""):
        return config
    nested = (_find_listener(value) for value in config.values() if isinstance(value, dict))
    return next(filter(None, nested), None)
