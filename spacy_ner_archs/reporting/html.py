"""A report as one page that needs no other file and no network."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from spacy import displacy

from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.evaluation.comparison import SIDES, Comparison, DifferentSentence
from spacy_ner_archs.evaluation.matches import ERROR_KINDS
from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.evaluation.shown_sentences import Place
from spacy_ner_archs.evaluation.wrong_entities import WrongEntity, WrongSentence
from spacy_ner_archs.reporting import tables
from spacy_ner_archs.reporting.pictures import Picture

#: Backgrounds of labels in sentences, all readable with black text.
BACKGROUNDS = ("#9ecae1", "#fdae6b", "#a1d99b", "#dfb8d8", "#f2d675", "#c7c7c7", "#f4a6a6")
#: A page with more of them would be slow to open; the JSON file has all.
MOST_SENTENCES = 2000


def report_page(title: str, report: Report, pictures: Mapping[str, Picture]) -> str:
    """The page of a report with its pictures (`pictures_of`)."""
    sentences = report.errors.sentences
    labels = {label for s in sentences for error in s.errors for label in _labels(error)}
    shown = sentences[:MOST_SENTENCES]
    marked = _marked_sentences(shown, ("gold", "predicted"), report.direction)
    return _render(
        "report.html.jinja",
        title=title,
        report=report,
        tables=tables,
        pictures=pictures,
        sentences=list(zip(shown, marked, strict=True)),
        labels_of=_labels,
        n_sentences=len(sentences),
        kinds=ERROR_KINDS,
        labels=[(label, label) for label in sorted(labels)],
    )


def comparison_page(title: str, comparison: Comparison) -> str:
    """The page of a comparison of two pipelines."""
    sides = ("gold", *SIDES)
    shown = comparison.sentences[:MOST_SENTENCES]
    marked = _marked_sentences(shown, sides, comparison.direction)
    return _render(
        "comparison.html.jinja",
        title=title,
        tables=tables.comparison_tables(comparison),
        sides=sides,
        sentences=list(zip(shown, marked, strict=True)),
        n_sentences=len(comparison.sentences),
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


def _labels(error: WrongEntity) -> list[str]:
    return sorted({error.gold, error.predicted} - {OUTSIDE})


def _marked_sentences(
    sentences: Sequence[WrongSentence | DifferentSentence], sides: Sequence[str], direction: str
) -> list[dict[str, Markup]]:
    """Of each sentence, its text with the entities of each side."""
    shown = [{side: getattr(sentence, side) for side in sides} for sentence in sentences]
    of_all = [place for places in shown for of_side in places.values() for place in of_side]
    labels = sorted({str(escape(place.label)) for place in of_all})
    colours = {label: BACKGROUNDS[i % len(BACKGROUNDS)] for i, label in enumerate(labels)}
    return [
        {
            side: _marked(sentence.text, getattr(sentence, side), colours, direction)
            for side in sides
        }
        for sentence in sentences
    ]


def _marked(
    text: str, places: Sequence[Place], colours: Mapping[str, str], direction: str
) -> Markup:
    """The text with its entities marked by displaCy."""
    ents, end = [], 0
    for place in places:
        if place.start >= end:  # displaCy can't show two at one place
            label = str(escape(place.label))  # which it doesn't do
            ents.append({"start": place.start, "end": place.end, "label": label})
            end = place.end
    doc = {"text": text, "ents": ents, "title": None, "settings": {"direction": direction}}
    markup = displacy.render(
        doc, style="ent", manual=True, page=False, jupyter=False, options={"colors": colours}
    )
    return Markup(markup)
