"""A pipeline's model card (Mitchell et al. 2019): what `spacy package` puts into the wheel."""

from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.reporting.markdown import markdown_table
from spacy_ner_archs.reporting.tables import Table, cost_table, entity_table, slice_tables

#: What a file about a pipeline can say, besides the keys of spaCy's meta.json.
OWN_KEYS = ("trained_on", "limits", "cite")
META_KEYS = ("description", "author", "email", "url", "license", "sources")
SOURCE_KEYS = ("name", "author", "url", "license")
OWN_VERSION = version("spacy-ner-archs")


def check_about(about: Any) -> dict[str, Any]:
    """What is told of a pipeline, as a mapping. Raises ValueError, in one line, for other keys, and
    for sources that aren't a list of mappings."""
    if not isinstance(about, dict):
        raise ValueError("it must be a mapping, with lines of NAME: TEXT")
    if unknown := about.keys() - {*OWN_KEYS, *META_KEYS}:
        known = ", ".join((*OWN_KEYS, *META_KEYS))
        raise ValueError(f"unknown {', '.join(sorted(map(str, unknown)))}; give {known}")
    if odd := [key for key in about if key != "sources" and not isinstance(about[key], str)]:
        raise ValueError(f"{', '.join(odd)} must be text: put it into quotes")
    sources = about.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        raise ValueError("sources must be a list of mappings with name, author, url, license")
    return about


def check_meta(meta: Any) -> dict[str, Any]:
    """A pipeline's meta.json, as it was read. Raises ValueError, in one line, for anything else."""
    keys = ("lang", "name", "version")
    if not isinstance(meta, dict) or not all(isinstance(meta.get(key), str) for key in keys):
        raise ValueError("not a pipeline's: it must be a mapping with lang, name and version")
    return meta


def updated_meta(
    meta: Mapping[str, Any], report: Report, about: Mapping[str, Any]
) -> dict[str, Any]:
    """meta.json with what is told of the pipeline, and the report's scores."""
    told = {key: about[key] for key in META_KEYS if key in about}
    scores = {key: getattr(report, f"ents_{key}") for key in "prf"}
    per_type = {label: asdict(scores) for label, scores in report.ents_per_type.items()}
    performance = {
        **{f"ents_{key}": score for key, score in scores.items()},
        "ents_per_type": per_type,
        "words_per_second": report.cost.words_per_second,
    }
    return {**meta, **told, "performance": performance}


def to_card(meta: Mapping[str, Any], report: Report, about: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    name = f"{meta['lang']}_{meta['name']}"
    labels = ", ".join(f"`{label}`" for label in report.labels)
    parts = [
        f"# {name}",
        about.get("description") or meta.get("description") or "Named entity recognition.",
        f"Version {meta['version']}, language `{meta['lang']}`, labels {labels}.",
        f'```python\nimport spacy\n\nnlp = spacy.load("{name}")\n'
        'print([(ent.text, ent.label_) for ent in nlp("Some text.").ents])\n```',
        "## Trained on",
        about.get("trained_on", "Not told."),
        _sources(about),
        markdown_table(entity_table(report)).replace("## Entities", "## Scores"),
        f"Measured on {report.corpus.file}: {_size(report)}.",
        markdown_table(cost_table(report)),
        "## Limits",
        about.get("limits", "It finds entities of these labels, in text like that of its corpus."),
        *(markdown_table(table).replace("## By", "### By") for table in slice_tables(report)),
        "## Licence",
        meta.get("license") or "Not told.",
        "## How to cite",
        about.get("cite") or f"{name} {meta['version']}, made with spacy-ner-archs {OWN_VERSION}.",
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _sources(about: Mapping[str, Any]) -> str:
    rows = [
        tuple(str(source.get(key, "")) for key in SOURCE_KEYS)
        for source in about.get("sources", [])
    ]
    return markdown_table(Table("Sources", SOURCE_KEYS, rows)) if rows else ""


def _size(report: Report) -> str:
    return f"{report.corpus.tokens:,} tokens, {report.corpus.entities:,} entities"
