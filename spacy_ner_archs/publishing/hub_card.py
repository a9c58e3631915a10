"""A model card with the front matter that the Hugging Face hub reads."""

import re
from collections.abc import Mapping
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from spacy_ner_archs.publishing.licenses import hub_license

TAGS = ("spacy", "token-classification", "ner")
#: The hub's names of the metrics, and those of spaCy's scorer.
METRICS = {"precision": "ents_p", "recall": "ents_r", "f1": "ents_f"}


def to_hub_card(card: str, meta: Mapping[str, Any], dataset: str | None) -> str:
    """The card with front matter of meta.json. What its own front matter says stays.

    dataset: the name of the corpus that meta.json's scores are of. Raises ValueError, or what YAML
    raises, for front matter that the hub couldn't read."""
    made = ModelCard(card if card.startswith("---") else f"---\n{{}}\n---\n{card}")
    own = made.data.to_dict()
    tags = [*own.pop("tags", []), *TAGS]
    made.data = ModelCardData(**{**front_matter(meta, dataset), **own, "tags": tags})
    return str(made)


def front_matter(meta: Mapping[str, Any], dataset: str | None) -> dict[str, Any]:
    """What the hub is told of a pipeline, apart from its tags: arguments of ModelCardData. There
    are no results without a dataset or without scores."""
    lang = meta["lang"]
    told = {
        "language": "multilingual" if lang == "xx" else lang,
        "license": hub_license(meta.get("license") or ""),
        "library_name": "spacy",
    }
    if found := results(meta.get("performance") or {}, dataset):
        told |= {"model_name": f"{lang}_{meta['name']}", "eval_results": found}
    return told


def results(performance: Mapping[str, Any], dataset: str | None) -> list[EvalResult]:
    """Precision, recall and F1 of all entities, between 0 and 1."""
    if dataset is None or any(performance.get(key) is None for key in METRICS.values()):
        return []
    return [
        EvalResult(
            task_type="token-classification",
            task_name="Named entity recognition",
            dataset_type=re.sub(r"\W+", "-", dataset.lower()).strip("-"),
            dataset_name=dataset,
            metric_type=metric,
            metric_value=round(performance[key], 4),
        )
        for metric, key in METRICS.items()
    ]


def first_source(meta: Mapping[str, Any]) -> str | None:
    """The name of the corpus that meta.json names first, if it names any. Raises ValueError, in one
    line, for sources that aren't spaCy's."""
    source, *_ = meta.get("sources") or [{}]
    if not isinstance(source, dict):
        raise ValueError("sources must be a list of mappings with name, author, url, license")
    return source.get("name") or None
