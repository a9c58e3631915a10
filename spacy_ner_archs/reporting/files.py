"""The files of a report and of a comparison, by their names."""

from spacy_ner_archs.evaluation.comparison import Comparison
from spacy_ner_archs.evaluation.report import Report, to_json
from spacy_ner_archs.reporting.conclusions import comparison_headline, headline, mistake_lines
from spacy_ner_archs.reporting.html import comparison_page, report_page
from spacy_ner_archs.reporting.markdown import to_markdown
from spacy_ner_archs.reporting.pictures import pictures_of
from spacy_ner_archs.reporting.tables import all_tables, comparison_tables


def report_files(report: Report) -> dict[str, str]:
    title = f"{report.model} on {report.corpus.file}"
    pictures = pictures_of(report)
    files = {f"pictures/{name.replace(' ', '_')}.svg": each for name, each in pictures.items()}
    images = {file: picture.description for file, picture in files.items()}
    conclusion = [headline(report), *mistake_lines(report)]
    return {
        **{file: picture.svg for file, picture in files.items()},
        "report.json": to_json(report),
        "report.md": to_markdown(title, all_tables(report), images, conclusion),
        "report.html": report_page(title, report, pictures),
    }


def comparison_files(comparison: Comparison) -> dict[str, str]:
    title = f"{' and '.join(comparison.shown_names)} on {comparison.file}"
    return {
        "comparison.json": to_json(comparison),
        "comparison.html": comparison_page(title, comparison),
        "comparison.md": to_markdown(
            title,
            comparison_tables(comparison),
            conclusion=[comparison_headline(comparison)],
        ),
    }
