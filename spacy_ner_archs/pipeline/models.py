from collections.abc import Iterator

from spacy.language import Language
from thinc.api import Model


def models_of(nlp: Language) -> Iterator[Model]:
    """The models of a pipeline's components, of those that have one."""
    for _, component in nlp.pipeline:
        if isinstance(model := getattr(component, "model", None), Model):
            yield model
