"""The bodies of POST and PATCH /jobs: a spec, and how the job is called."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import to_jsonable_python

from app.spec.training import TrainingSpec
from app.strict import Strict

Tag = Annotated[str, Field(min_length=1, max_length=64)]
MetadataValue = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Tags = Annotated[list[Tag], Field(max_length=20)]
Metadata = Annotated[dict[Tag, MetadataValue], Field(max_length=50)]
Priority = Annotated[
    int, Field(ge=-100, le=100, description="Higher starts sooner; equal: in order.")
]


class JobEdit(Strict):
    """What may be changed of a job at any time; what is left out stays."""

    name: Name | None = None
    tags: Tags | None = None
    metadata: Metadata | None = None
    priority: Priority | None = None


class JobRequest(TrainingSpec):
    """A training spec and how the job is called; the whole body of POST /jobs."""

    name: Name | None = Field(default=None, description="What people call the job.")
    tags: Tags = Field(default=[], description="Words to find it by.")
    metadata: Metadata = Field(default={}, description="Anything else, as strings.")
    priority: Priority = 0
    init_from: Annotated[UUID, Field(strict=False)] | None = Field(
        default=None,
        description="Start from the weights of this checkpoint; its network is the "
        "default then, with another head if the classes are not as many.",
    )

    _given: dict[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        request = handler(data)
        if isinstance(data, dict):
            request._given = to_jsonable_python(data)
        return request

    @property
    def given(self) -> dict[str, Any]:
        """What the client wrote himself, as JSON."""
        return self._given

    def changed(self, **values: Any) -> "JobRequest":
        """Return the request as if these values had been asked for as well.

        Raises:
            ValidationError: They do not go with the others.
        """
        request = JobRequest.model_validate({**self.model_dump(), **values})
        request._given = self._given
        return request

    def training_spec(self) -> TrainingSpec:
        """Return the hyperparameters alone."""
        fields = set(TrainingSpec.model_fields)
        return TrainingSpec.model_validate(self.model_dump(include=fields))
