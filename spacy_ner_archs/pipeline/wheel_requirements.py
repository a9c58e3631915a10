from importlib.metadata import version

from packaging.requirements import Requirement
from spacy.language import Language
from spacy.util import get_minor_version_range
from thinc.api import Model

PACKAGE = "spacy-ner-archs"
#: What layers of these names need.
EXTRAS = {"transformer": "transformers", "quantized_transformer": "onnx"}


def require_in_wheel(nlp: Language, model: Model) -> None:
    """Have a pipeline's wheel require the extras of the transformers that a model has of its own.
    `spacy package` sees the package in the config, and no extra."""
    extras = {EXTRAS[node.name] for node in model.walk() if node.name in EXTRAS}
    if extras:
        requirements = list(map(Requirement, nlp.meta.get("requirements", [])))
        for requirement in requirements:
            if requirement.name == PACKAGE:  # of another component, or of an earlier version
                extras |= requirement.extras
        others = [str(each) for each in requirements if each.name != PACKAGE]
        versions = get_minor_version_range(version(PACKAGE))
        nlp.meta["requirements"] = [*others, f"{PACKAGE}[{','.join(sorted(extras))}]{versions}"]
