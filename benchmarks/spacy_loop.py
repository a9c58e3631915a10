"""The training loop of `spacy train`, on batches that are read once."""

from pathlib import Path
from typing import Any

from spacy.training.initialize import init_nlp
from spacy.training.loop import create_train_batches
from spacy.util import load_config, registry, resolve_dot_names


class SpacyLoop:
    """A config's pipeline, optimizer and batches; `limit` batches at most, all where it is 0."""

    def __init__(self, config: Path, corpus: Path, overrides: dict[str, Any], limit: int = 0):
        paths = {"paths.train": str(corpus), "paths.dev": str(corpus)}
        self.nlp = init_nlp(load_config(config, overrides={**paths, **overrides}))
        resolved = self.nlp.config.interpolate()
        settings = registry.resolve(resolved["training"])
        (read,) = resolve_dot_names(resolved, [settings["train_corpus"]])
        batches = create_train_batches(self.nlp, read, settings["batcher"], 1)
        self.batches = [batch for _, batch in batches][: limit or None]
        self.optimizer = settings["optimizer"]
        self.dropout = settings["dropout"]

    def epoch(self) -> None:
        for batch in self.batches:
            self.nlp.update(batch, drop=self.dropout, sgd=False, losses={})
            for _, pipe in self.nlp.pipeline:
                pipe.finish_update(self.optimizer)
            self.optimizer.step_schedules()
