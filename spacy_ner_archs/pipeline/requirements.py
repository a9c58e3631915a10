from importlib.metadata import version

from spacy.language import Language
from spacy.util import get_minor_version_range
from thinc.api import Model

PACKAGE = "spacy-ner-archs"


def require_extra(nlp: Language, model: Model) -> None:
    """Have a pipeline's wheel require the extra `transformers`, where a model has a transformer of
    its own. `spacy package` sees the package in the config, and no extra."""
    if all(node.name != "transformer" for node in model.walk()):
        return
    requirement = f"{PACKAGE}[transformers]{get_minor_version_range(version(PACKAGE))}"
    requirements = nlp.meta.setdefault("requirements", [])
    if requirement not in requirements:
        requirements.append(requirement)
