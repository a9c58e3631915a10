"""What is checked when a component is loaded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from spacy_ner_archs.decoders.decoder import decoder_of


@contextmanager
def loading(tagger: Any, source: str, exclude: Iterable[str]) -> Iterator[None]:
    """Load an `NERTagger` in this context. Raises ValueError, in one line with the component and
    the source, for what isn't a whole model of its config, for weights that aren't finite, and for
    weights of other labels than its own."""
    try:
        yield
        # older pipelines stored this setting, and the config's holds
        tagger.cfg.pop("incorrect_spans_key", None)
        if "model" not in exclude:
            _check(tagger)
    except OSError:
        raise
    except Exception as error:  # msgpack, safetensors, thinc and torch raise all kinds of them
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(
            f"component '{tagger.name}' can't be loaded from {source}; was it cut, or is it of "
            f"another pipeline? ({reason:.300})"
        ) from error


def _check(tagger: Any) -> None:
    for node in tagger.model.walk():
        for name in node.param_names:
            if node.has_param(name) and not node.ops.xp.isfinite(node.get_param(name)).all():
                raise ValueError(f"{name} of layer {node.name} has NaN or infinite weights")
    decoder = decoder_of(tagger.model)
    if decoder.has_weights:
        n_outputs = decoder.n_outputs(len(tagger.labels))
        if tagger.model.get_dim("nO") != n_outputs:
            raise ValueError(
                f"its labels, {', '.join(tagger.labels)}, need {n_outputs} scores a token, and its "
                f"weights give {tagger.model.get_dim('nO')}"
            )
