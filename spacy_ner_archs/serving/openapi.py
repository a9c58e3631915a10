"""How the service describes itself in OpenAPI."""

from typing import Any

from pydantic import BaseModel

from spacy_ner_archs.inference.entities import AnnotationRow, EntityRow
from spacy_ner_archs.serving.request import EntitiesRequest

TEXT = "Ada Lovelace was born in London."
EXAMPLES = {
    "one text": {"value": {"text": TEXT}},
    "several texts": {"value": {"texts": [TEXT, "It rained."]}},
    "sure entities": {"value": {"text": TEXT, "threshold": 0.9}},
    "a threshold a label": {"value": {"text": TEXT, "threshold": {"PER": 0.9, "LOC": 0.3}}},
    "candidates and annotations": {"value": {"text": TEXT, "min_score": 0.01, "n_best": 3}},
}
ROW = {"start": 0, "end": 12, "label": "PER", "text": "Ada Lovelace", "probability": 0.708934}


class Found(BaseModel):
    """What was found in a text. candidates: with `min_score`. n_best: with `n_best`. error: why a
    text among several could not be computed; it has nothing else."""

    entities: list[EntityRow] | None = None
    candidates: list[EntityRow] | None = None
    n_best: list[AnnotationRow] | None = None
    error: str | None = None


class FoundInTexts(BaseModel):
    """results: of each text, in the order of the request."""

    results: list[Found]


class Refusal(BaseModel):
    detail: str


REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": EntitiesRequest.model_json_schema(), "examples": EXAMPLES}
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Found | FoundInTexts,
        "description": "What was found",
        "content": {"application/json": {"example": {"entities": [ROW]}}},
    },
    413: {"model": Refusal, "description": "More texts or characters than a request may have"},
    422: {"model": Refusal, "description": "No request, or a text that can't be computed"},
    503: {"model": Refusal, "description": "Too many texts wait; the header Retry-After says when"},
}
