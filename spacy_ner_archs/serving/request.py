"""What a client can ask, and what it is refused."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.questions import Question

Probability = Annotated[float, Field(ge=0, le=1)]
#: More annotations than that of a doc are of no use to a reader.
MOST_ANNOTATIONS = 100


class EntitiesRequest(BaseModel):
    """One text, or several; and what is to be found in them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    text: str | None = Field(None, description="One text")
    texts: list[str] | None = Field(None, description="Several texts, in place of one")
    threshold: Probability | dict[str, Probability] | None = Field(
        None,
        description="Find the entities without overlap that maximise the sum of "
        "(probability - threshold); an object has a number for each label. "
        "Without it, the pipeline's own setting holds.",
    )
    min_score: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None,
        description="Give all candidates, which can overlap, with at least this probability",
    )
    n_best: Annotated[int, Field(ge=1, le=MOST_ANNOTATIONS)] | None = Field(
        None, description="Give so many of the most probable annotations"
    )

    @model_validator(mode="after")
    def _has_one_kind_of_text(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give text or texts")
        return self

    @property
    def question(self) -> Question:
        texts = [self.text] if self.text is not None else self.texts or []
        return Question(texts, Settings(self.threshold, self.min_score), self.n_best)


class Refused(Exception):
    """A request that isn't answered.

    status: that of HTTP. reason: one line.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def parsed(body: bytes, limits: Limits) -> EntitiesRequest:
    """A request from its JSON. Raises Refused for what isn't one, or is too large."""
    try:
        asked = EntitiesRequest.model_validate_json(body)
    except ValidationError as error:
        raise Refused(422, _in_one_line(error)) from None
    texts = asked.question.texts
    if len(texts) > limits.texts:
        raise Refused(413, f"{len(texts)} texts; send at most {limits.texts} in a request")
    if (n_chars := sum(map(len, texts))) > limits.chars:
        raise Refused(413, f"{n_chars} characters; send at most {limits.chars} in a request")
    return asked


def _in_one_line(error: ValidationError) -> str:
    """One of the mistakes: the first of those with the most exact place."""
    mistakes: list[Any] = list(error.errors(include_url=False, include_input=False))
    mistake = max(mistakes, key=lambda each: len(each["loc"]))
    field, *rest = mistake["loc"] or [""]
    inside = rest[1:] if field == "threshold" else rest  # between them is the type that was tried
    place = "".join(f"{part}: " for part in (field, *inside) if part != "")
    return place + " ".join(mistake["msg"].removeprefix("Value error, ").split())
