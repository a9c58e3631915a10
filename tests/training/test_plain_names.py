"""What a logger sees of the config."""

import re
import sys
from types import SimpleNamespace

from short_training import CONFIG
from spacy.util import load_config, registry
from spacy_loggers.util import dict_to_dot

#: Names that MLflow takes, which gets them without `@`.
PLAIN = re.compile(r"[\w.@/ :-]+")
SHAPE = "components.ner.model.tok2vec.embed.*.shape.width"


def test_a_logger_sees_the_config_without_stars():
    seen = []

    def tracker(nlp, stdout, stderr):
        seen.append((dict_to_dot(nlp.config.interpolate()), stdout, stderr))
        return "log", "finish"

    nlp = SimpleNamespace(
        config=load_config(CONFIG, {SHAPE: f"${{{SHAPE.replace('shape', 'word')}}}"})
    )
    before = nlp.config.to_str(interpolate=False)
    logger = registry.loggers.get("spacy-ner-archs.PlainNames.v1")(tracker)
    assert logger(nlp, sys.stdout, sys.stderr) == ("log", "finish")
    ((config, *streams),) = seen
    assert [name for name in config if not PLAIN.fullmatch(name)] == []
    assert {name.replace(".args.", ".*."): value for name, value in config.items()} == dict_to_dot(
        nlp.config.interpolate()
    )
    assert streams == [sys.stdout, sys.stderr]
    assert nlp.config.to_str(interpolate=False) == before
