"""What a model card needs of a report.json."""

from typing import Any

from pydantic import BaseModel, StrictFloat, StrictInt, StrictStr, ValidationError


class Scores(BaseModel):
    p: StrictFloat
    r: StrictFloat
    f: StrictFloat
    interval: tuple[StrictFloat, StrictFloat] | None = None
    support: StrictInt | None = None


class Corpus(BaseModel):
    file: StrictStr
    tokens: StrictInt
    entities: StrictInt


class Cost(BaseModel):
    words_per_second: StrictInt
    load_seconds: StrictFloat
    bytes: StrictInt


class Report(BaseModel):
    """Of `python -m spacy ner report`."""

    ents_p: StrictFloat
    ents_r: StrictFloat
    ents_f: StrictFloat
    ents_per_type: dict[str, Scores]
    seqeval_f: StrictFloat | None
    interval: tuple[StrictFloat, StrictFloat] | None
    support: StrictInt
    macro: Scores
    slices: dict[str, dict[str, Scores]]
    labels: list[StrictStr]
    corpus: Corpus
    cost: Cost


def check_report(report: Any) -> dict[str, Any]:
    """A report as it was read from JSON. Raises ValueError, in one line, for anything else."""
    advice = "make a report with: python -m spacy ner report --output"
    if not isinstance(report, dict):
        raise ValueError(f"not a report, which is a mapping; {advice}")
    try:
        Report(**report)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"not a whole report, {where}: {first['msg']}; {advice}") from None
    return report
