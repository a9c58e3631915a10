"""What a tagger must know of the shared components that it listens to."""

from typing import Any

from spacy.pipeline.tok2vec import Tok2VecListener
from spacy.tokens import Doc
from thinc.api import Model


def listeners(model: Model) -> list[Any]:
    """The layers of a model that take their output from another component; their `upstream_name`
    is its name, or "*" for any."""
    return [node for node in model.walk() if hasattr(node, "upstream_name")]


def require_upstream(name: str, model: Model, docs: list[Doc]) -> None:
    """Raise ValueError where a component that a model listens to hasn't been applied to a doc. Its
    listener would give zeros, and the component `name` would find other entities."""
    for listener in listeners(model):
        if any(len(doc) and not _is_heard(listener, doc) for doc in docs):
            raise ValueError(
                f"'{name}' listens to a shared component ({listener.upstream_name}) that was not "
                "applied before it: add that component to the pipeline, too, or call "
                "nlp.replace_listeners in the pipeline that it comes from"
            )


def _is_heard(listener: Model, doc: Doc) -> bool:
    if isinstance(listener, Tok2VecListener):
        return doc.tensor.size > 0
    return not Doc.has_extension("trf_data") or doc._.trf_data is not None
