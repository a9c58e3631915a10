from importlib.metadata import version

from spacy.language import Language
from spacy.util import get_minor_version_range
from thinc.api import Model

PACKAGE = "spacy-ner-archs"
#: What layers of these names need.
EXTRAS = {"transformer": "transformers", "quantized_transformer": "onnx"}


def require_in_wheel(nlp: Language, model: Model) -> None:
    """Have a pipeline's wheel require the extras of the transformers that a model has of its own.
    `spacy package` sees the package in the config, and no extra."""
    for name in sorted(EXTRAS.keys() & {node.name for node in model.walk()}):
        requirement = f"{PACKAGE}[{EXTRAS[name]}]{get_minor_version_range(version(PACKAGE))}"
        requirements = nlp.meta.setdefault("requirements", [])
        if requirement not in requirements:
            requirements.append(requirement)
