from collections.abc import Callable

from spacy.language import Language
from thinc.api import ConfigValidationError

from spacy_ner_archs.extras import require_extra


def create_require_transformers() -> Callable[[type[Language]], type[Language]]:
    """Before the creation of a pipeline with a transformer, raise ConfigValidationError where the
    extra isn't installed. spaCy's commands print it as a line; without it they say only that there
    is no factory `transformer`."""

    def before_creation(language: type[Language]) -> type[Language]:
        try:
            require_extra("transformers", "transformers")
        except ImportError as error:
            raise ConfigValidationError(title=str(error), show_config=False) from None
        return language

    return before_creation
