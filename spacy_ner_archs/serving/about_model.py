"""What a service tells of its pipeline."""

import platform
from importlib.metadata import version
from typing import Any

from spacy.language import Language

from spacy_ner_archs.pipeline.find_tagger import entity_labels
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.serving.limits import Limits

PACKAGES = ("spacy-ner-archs", "spacy", "thinc", "torch")


def about_model(nlp: Language, name: str, limits: Limits) -> dict[str, Any]:
    """name: as the pipeline was given. labels: of its components that find entities. probabilities:
    whether it has one `ner_tagger`, which the parameters of a question need. threshold: that
    tagger's own. card: the README.md in its folder."""
    taggers = [pipe for _, pipe in nlp.pipeline if isinstance(pipe, NERTagger)]
    return {
        "name": name,
        "labels": entity_labels(nlp),
        "probabilities": len(taggers) == 1,
        "threshold": taggers[0].threshold if len(taggers) == 1 else None,
        "meta": nlp.meta,
        "card": _card(nlp),
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "limits": limits._asdict(),
    }


def _card(nlp: Language) -> str | None:
    card = nlp.path / "README.md" if nlp.path else None
    return card.read_text(encoding="utf-8") if card and card.is_file() else None
