"""A report as one page that needs no other file and no network."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.evaluation.comparison import SIDES, Comparison
from spacy_ner_archs.evaluation.matches import ERROR_KINDS
from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.evaluation.verdict import VERDICTS
from spacy_ner_archs.reporting import tables
from spacy_ner_archs.reporting.annotation import annotation_task
from spacy_ner_archs.reporting.conclusions import (
    MOST_MISTAKES,
    comparison_headline,
    mistake_words,
)
from spacy_ner_archs.reporting.confusion_cells import confusion_cells
from spacy_ner_archs.reporting.marked_sentences import marked_sentences
from spacy_ner_archs.reporting.pictures import Picture
from spacy_ner_archs.reporting.tables import NO_CONFIDENCE, Choice

#: A page with more of them would be slow to open; the JSON file has all.
MOST_SENTENCES = 2000


def report_page(title: str, report: Report, pictures: Mapping[str, Picture]) -> str:
    """The page of a report with its pictures (`pictures_of`)."""
    sentences = report.errors.sentences
    errors = [error for sentence in sentences for error in sentence.errors]
    seen = {error.verdict for error in errors}
    shown = sentences[:MOST_SENTENCES]
    marked = marked_sentences(shown, ("gold", "predicted"), report.direction)
    return render(
        "report.html.jinja",
        title=title,
        report=report,
        tables=tables,
        pictures=pictures,
        mistakes=report.errors.mistakes[:MOST_MISTAKES],
        mistake_words=mistake_words,
        confusion_cells=confusion_cells,
        sentences=list(zip(shown, marked, strict=True)),
        n_errors=sum(len(sentence.errors) for sentence in shown),
        n_sentences=len(sentences),
        tasks=[annotation_task(sentence, report.corpus.file) for sentence in shown],
        no_confidence=NO_CONFIDENCE,
        kinds=ERROR_KINDS,
        verdicts={v: VERDICTS[v] for v in VERDICTS if v in seen},
        gold_labels=ordered(error.gold for error in errors),
        predicted_labels=ordered(error.predicted for error in errors),
    )


def comparison_page(title: str, comparison: Comparison) -> str:
    """The page of a comparison of two pipelines."""
    sides = ("gold", *SIDES)
    shown = comparison.sentences[:MOST_SENTENCES]
    errors = [error for sentence in comparison.sentences for error in sentence.errors]
    return render(
        "comparison.html.jinja",
        title=title,
        headline=comparison_headline(comparison),
        tables=tables.comparison_tables(comparison),
        without_confidence=tables.without_confidence(comparison),
        names=dict(zip(sides, ("gold", *comparison.shown_names), strict=True)),
        pipelines=dict(zip(SIDES, comparison.shown_names, strict=True)),
        sentences=list(
            zip(shown, marked_sentences(shown, sides, comparison.direction), strict=True)
        ),
        n_errors=sum(len(sentence.errors) for sentence in shown),
        n_sentences=len(comparison.sentences),
        gold_labels=ordered(error.gold for error in errors),
    )


def render(template: str, **values: Any) -> str:
    """A template of `templates/`, which may include what is in `pages/`."""
    loaders = [
        PackageLoader("spacy_ner_archs.reporting"),
        PackageLoader("spacy_ner_archs", "pages"),
    ]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["address"] = _address
    return environment.get_template(template).render(values)


def _address(choice: Choice) -> str:
    """Of the sentences with those wrong entities, as `sentences.js` reads it."""
    return f"#sentences?{urlencode(choice)}"


def ordered(labels: Iterable[str]) -> list[str]:
    """Each once, O last."""
    return sorted(set(labels), key=lambda label: (label == OUTSIDE, label))
