"""A config whose names any tracker of experiments takes."""

from types import SimpleNamespace
from typing import IO, Any

from spacy.language import Language
from spacy_loggers.util import LoggerT
from thinc.api import Config


def PlainNames(logger: LoggerT) -> LoggerT:
    """Have a logger see the config with `args` for `*`, the name of a section that lists what a
    function takes: `embed.args.word` for `embed.*.word`. MLflow refuses names with `*`.

    logger (Callable): A logger that reads the config of the pipeline and nothing else of it, such
        as `spacy.MLflowLogger.v2`.
    """

    def setup(nlp: Language, stdout: IO, stderr: IO) -> Any:
        config = Config(_renamed(nlp.config.interpolate()))
        return logger(SimpleNamespace(config=config), stdout, stderr)  # type: ignore[arg-type]

    return setup


def _renamed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {"args" if key == "*" else key: _renamed(inner) for key, inner in value.items()}
