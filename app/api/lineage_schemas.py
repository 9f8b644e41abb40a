"""The body that tells where weights come from."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas import Public
from app.models import Environment, StartingPoint
from app.spec import TrainingSpec


class AttemptPublic(Public):
    """On what one attempt at a job ran, and with which code and images."""

    attempt: int
    created_at: datetime
    epoch: int = Field(description="Where it began, from 1.")
    step: int = Field(description="Steps of that epoch that were done before.")
    environment: Environment
    version: str = Field(description="Of this package.")
    commit: str | None = Field(
        description="Of its source, where that is a checkout; `-dirty` with changes."
    )
    dataset_digest: str = Field(description="SHA-256 over all images and labels.")
    split_digest: str = Field(
        description="SHA-256 over which images train and which validate."
    )


class Lineage(BaseModel):
    """Everything that a job's weights follow from."""

    object: Literal["lineage"] = "lineage"
    job_id: UUID
    requested: dict[str, Any] | None = Field(
        description="The body of the request, as it came."
    )
    spec: TrainingSpec = Field(description="Every hyperparameter, defaults resolved.")
    seed: int
    dataset: str
    starting_point: StartingPoint | None = Field(
        default=None, description="If it did not start from drawn weights."
    )
    attempts: list[AttemptPublic]
    weights_sha256: str | None = Field(
        description="Of the best checkpoint's weights, without names and metadata of "
        "the file; kept when the file is deleted."
    )
