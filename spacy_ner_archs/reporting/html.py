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
from spacy_ner_archs.evaluation.verdict import VERDICTS
from spacy_ner_archs.evaluation.wrong_entities import WrongEntity, WrongSentence
from spacy_ner_archs.reporting import tables
from spacy_ner_archs.reporting.annotation import annotation_task
from spacy_ner_archs.reporting.pictures import Picture
from spacy_ner_archs.reporting.tables import NO_CONFIDENCE

#: Backgrounds of labels in sentences, all readable with black text.
BACKGROUNDS = ("#9ecae1", "#fdae6b", "#a1d99b", "#dfb8d8", "#f2d675", "#c7c7c7", "#f4a6a6")
#: A page with more of them would be slow to open; the JSON file has all.
MOST_SENTENCES = 2000


#: displaCy's, with a mark on what is wrong, and the probability.
ENTITY = (
    '<mark class="entity {state}" style="background: {bg}">{text} '
    '<span class="label">{label}{probability}</span></mark>'
)


def report_page(title: str, report: Report, pictures: Mapping[str, Picture]) -> str:
    """The page of a report with its pictures (`pictures_of`)."""
    sentences = report.errors.sentences
    labels = {label for s in sentences for error in s.errors for label in _labels(error)}
    seen = {error.verdict for sentence in sentences for error in sentence.errors}
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
        verdicts={v: VERDICTS[v] for v in VERDICTS if v in seen},
        tasks=[annotation_task(sentence, report.corpus.file) for sentence in shown],
        no_confidence=NO_CONFIDENCE,
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
        without_confidence=tables.without_confidence(comparison),
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
            shown = {
                "state": "wrong" if place.is_wrong else "",
                "probability": "" if place.probability is None else f" {place.probability:.2f}",
            }
            ent = {"start": place.start, "end": place.end, "label": label, "params": shown}
            ents.append(ent)
            end = place.end
    doc = {"text": text, "ents": ents, "title": None, "settings": {"direction": direction}}
    options = {"colors": colours, "template": ENTITY}
    markup = displacy.render(
        doc, style="ent", manual=True, page=False, jupyter=False, options=options
    )
    return Markup(markup)
