"""The charts of a report."""

from base64 import b64encode
from typing import NamedTuple

from spacy_ner_archs.evaluation.report import Report
from spacy_ner_archs.reporting import charts
from spacy_ner_archs.reporting.confidence_charts import (
    reliability_diagram,
    risk_coverage_curve,
    threshold_curves,
)


class Picture(NamedTuple):
    """svg: the chart. description: what it shows, for those who don't see it."""

    svg: str
    description: str

    @property
    def address(self) -> str:
        """In the page itself. An image's ids can't clash with those of another."""
        return f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode()}"


def pictures_of(report: Report) -> dict[str, Picture]:
    """The charts by name."""
    pictures = {
        "labels": Picture(charts.score_bars(report.ents_per_type), "F1 of each label"),
        "kinds": Picture(
            charts.kind_bars(report.errors.kinds), "Numbers of wrong entities of each kind"
        ),
    }
    for name, confusion in (("entities", report.confusion), ("tags", report.tags.confusion)):
        if confusion.labels:
            pictures[f"{name}_counts"] = Picture(
                charts.heat_map(confusion, shares=False), f"Confusion of {name}, counts"
            )
            pictures[f"{name}_shares"] = Picture(
                charts.heat_map(confusion, shares=True), f"Confusion of {name}, % of each gold row"
            )
    for way, parts in report.slices.items():
        if parts:
            pictures[f"by_{way}"] = Picture(charts.score_bars(parts), f"F1 by {way}")
    if report.confidence:
        pictures["reliability"] = Picture(
            reliability_diagram(report.confidence),
            "Share of right entities by their probability; calibrated ones are on the diagonal",
        )
        pictures["risk_coverage"] = Picture(
            risk_coverage_curve(report.confidence),
            "Share of wrong entities among the most confident ones (risk) by how many are kept",
        )
        pictures["thresholds"] = Picture(
            threshold_curves(report.confidence, report.all_scores),
            "Precision, recall and F1 by threshold, with the best F1",
        )
    if report.training:
        pictures["training"] = Picture(
            charts.training_curves(report.training),
            "Loss, F1 on dev and learning rate over the steps",
        )
    return pictures
