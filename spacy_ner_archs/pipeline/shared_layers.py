"""Layers that a tagger shares with other components, as its own."""

from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from spacy.pipeline import Tok2Vec


def take_in_shared_layers(nlp: Language, name: str) -> None:
    """Give a tagger a copy of each shared component, and remove those that nothing needs now.
    Raises ValueError, in one line, where spaCy can't do that."""
    for upstream, pipe in list(nlp.pipeline):
        if name in getattr(pipe, "listener_map", {}):
            model = nlp.get_pipe_config(name)["model"]
            is_tok2vec = isinstance(pipe, Tok2Vec)
            paths = list(_listener_paths("model", model, is_tok2vec=is_tok2vec))
            n_listeners = len(pipe.listener_map[name])  # type: ignore[attr-defined]
            if n_listeners != 1 or len(paths) != 1:  # spaCy replaces no more than one
                raise ValueError(
                    f"'{name}' listens to '{upstream}' in {n_listeners} places, of which "
                    f"{len(paths)} are found in its config; only one that is found can be taken in"
                )
            nlp.replace_listeners(upstream, name, paths)
            if not pipe.listener_map:  # type: ignore[attr-defined]
                nlp.remove_pipe(upstream)


def _listener_paths(path: str, model: dict[str, Any], *, is_tok2vec: bool) -> Iterator[str]:
    """Where in a config the listeners of a tok2vec are, or else those of a transformer. A
    transformer tagger's default listener has no section."""
    architecture = model.get("@architectures", "")
    if "Listener" in architecture and is_tok2vec == ("Tok2Vec" in architecture):
        yield path
    elif "Transformer" in architecture and model.get("tok2vec", "") is None and not is_tok2vec:
        yield f"{path}.tok2vec"
    for key, value in model.items():
        if isinstance(value, dict):
            yield from _listener_paths(f"{path}.{key}", value, is_tok2vec=is_tok2vec)
