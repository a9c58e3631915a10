from collections.abc import Iterator

from spacy.language import Language
from thinc.api import Model


def models_of(nlp: Language) -> Iterator[Model]:
    """The models of a pipeline's components, of those that have one."""
    for _, component in nlp.pipeline:
        if isinstance(model := getattr(component, "model", None), Model):
            yield model


def transformers_of(model: Model) -> list[Model]:
    """The layers of `TransformerModel` in a component's model, in the order of its config."""
    return [node for node in model.walk() if node.name == "transformer"]
