"""A report as one page that needs no other file and no network."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from spacy import displacy

from spacy_ner_archs.evaluation.matches import ERROR_KINDS
from spacy_ner_archs.reporting import tables
from spacy_ner_archs.reporting.pictures import Picture

#: Backgrounds of labels in sentences, all readable with black text.
BACKGROUNDS = ("#9ecae1", "#fdae6b", "#a1d99b", "#dfb8d8", "#f2d675", "#c7c7c7", "#f4a6a6")
#: A page with more of them would be slow to open; the JSON file has all.
MOST_SENTENCES = 2000


def report_page(title: str, report: Mapping[str, Any], pictures: Mapping[str, Picture]) -> str:
    """The page of a report with its pictures (`pictures_of`)."""
    sentences = report["errors"]["sentences"]
    labels = {label for s in sentences for error in s["errors"] for label in _labels(error)}
    rendered = _rendered(sentences[:MOST_SENTENCES], ("gold", "predicted"), report["direction"])
    for sentence in rendered:
        for error in sentence["errors"]:
            error["labels"] = sorted(_labels(error))
    return _render(
        "report.html.jinja",
        title=title,
        report=report,
        tables=tables,
        pictures=pictures,
        sentences=rendered,
        n_sentences=len(sentences),
        kinds=ERROR_KINDS,
        labels=[(label, label) for label in sorted(labels)],
    )


def comparison_page(title: str, comparison: Mapping[str, Any]) -> str:
    """The page of a comparison of two pipelines."""
    sides = ("gold", "first", "second")
    sentences = comparison["sentences"]
    return _render(
        "comparison.html.jinja",
        title=title,
        tables=tables.comparison_tables(comparison),
        sides=sides,
        sentences=_rendered(sentences[:MOST_SENTENCES], sides, comparison["direction"]),
        n_sentences=len(sentences),
    )


def _render(template: str, **values: Any) -> str:
    environment = Environment(
        loader=PackageLoader("spacy_ner_archs.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)


def _labels(error: Mapping[str, str]) -> set[str]:
    return {error["gold"], error["predicted"]} - {"O"}


def _rendered(
    sentences: Sequence[Mapping[str, Any]], sides: Sequence[str], direction: str
) -> list[dict[str, Any]]:
    """The sentences with the entities of each side marked by displaCy."""
    ents = [ent for sentence in sentences for side in sides for ent in sentence[side]]
    labels = sorted({str(escape(ent["label"])) for ent in ents})
    colours = {label: BACKGROUNDS[i % len(BACKGROUNDS)] for i, label in enumerate(labels)}
    return [
        {
            "errors": [dict(error) for error in sentence["errors"]],
            **{s: _marked(sentence["text"], sentence[s], colours, direction) for s in sides},
        }
        for sentence in sentences
    ]


def _marked(
    text: str, ents: Sequence[Mapping[str, Any]], colours: Mapping[str, str], direction: str
) -> Markup:
    escaped, end = [], 0
    for ent in ents:
        if ent["start"] >= end:  # displaCy can't show two at one place
            escaped.append({**ent, "label": str(escape(ent["label"]))})  # which it doesn't do
            end = ent["end"]
    doc = {"text": text, "ents": escaped, "title": None, "settings": {"direction": direction}}
    markup = displacy.render(
        doc, style="ent", manual=True, page=False, jupyter=False, options={"colors": colours}
    )
    return Markup(markup)
