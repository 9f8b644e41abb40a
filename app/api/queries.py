"""The query of /predict, read at once: one by one it would cost as much as the rest."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.jobs import Choice
from app.registry import ModelReference
from app.vision.reading import Mode

Epoch = Literal["best", "last"] | Annotated[int, Field(ge=1, le=1_000_000)]


class ModelQuery(BaseModel):
    """Who shall answer, and how pictures become what it sees."""

    model_config = ConfigDict(frozen=True)

    job_id: UUID | None = Field(
        default=None, description="Answer with this job's best checkpoint so far."
    )
    checkpoint_id: UUID | None = Field(
        default=None, description="Answer with this very checkpoint."
    )
    epoch: Epoch | None = Field(
        default=None,
        description="Answer with this epoch of the job: `best`, `last` or a number.",
    )
    model: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Answer with a model: `digits@champion` by alias, `digits@3` by "
        "version, `digits` for its newest version.",
    )
    preprocess: Mode | None = Field(
        default=None,
        description="How a picture becomes what the checkpoint takes: `auto` reads "
        "photos of digits, `mnist` crops and centres clean ones, both to 28x28 grey; "
        "`none` only resizes, `plain` too but keeps the aspect, to any shape and "
        "colours. Absent: `auto` for MNIST, `none` for another built-in dataset, and "
        "what your own dataset was uploaded with.",
    )

    def choice_of(self, key_id: str | None) -> Choice:
        """Return what is chosen: among one key's jobs, if it is given."""
        return Choice(
            job_id=self.job_id,
            checkpoint_id=self.checkpoint_id,
            epoch=self.epoch,
            key_id=key_id,
            model=None if self.model is None else ModelReference.read(self.model),
        )


class PredictQuery(ModelQuery):
    """What a client may ask of /predict besides the pictures."""

    segment: bool = Field(
        default=False, description="Find several digits in each picture."
    )
    explain: bool = Field(
        default=False,
        description="Add the pixels that the network saw, whence, and a map of those "
        "that its answer rests on.",
    )


NOTHING_ASKED = PredictQuery()


def read_query(request: Request) -> PredictQuery:
    """Return the query, or raise RequestValidationError with all that is wrong."""
    if not request.scope["query_string"]:
        return NOTHING_ASKED
    try:
        return PredictQuery.model_validate(dict(request.query_params))
    except ValidationError as error:
        details = [
            {**detail, "loc": ("query", detail["loc"][0])} for detail in error.errors()
        ]
        raise RequestValidationError(details) from error


def parameters() -> list[dict[str, Any]]:
    """Describe the query as OpenAPI wants it."""
    schema = inline(PredictQuery.model_json_schema())
    return [
        {"name": name, "in": "query", "required": False, "schema": field}
        | {"description": field["description"]}
        for name, field in schema["properties"].items()
    ]


def inline(schema: dict[str, Any]) -> dict[str, Any]:
    """Write definitions out where they are referred to: a parameter has none."""
    definitions = schema.pop("$defs", {})

    def written_out(part: Any) -> Any:
        if isinstance(part, list):
            return [written_out(item) for item in part]
        if not isinstance(part, dict):
            return part
        name = str(part.get("$ref", "")).removeprefix("#/$defs/")
        if name in definitions:
            return written_out(definitions[name])
        return {key: written_out(value) for key, value in part.items()}

    whole: dict[str, Any] = written_out(schema)
    return whole
