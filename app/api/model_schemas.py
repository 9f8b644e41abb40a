"""Bodies about models: what is asked for, and what is answered."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.schemas import Public
from app.strict import Strict

NAME = "^[a-z0-9][a-z0-9._-]{0,63}$"
ALIAS = "^[a-z][a-z0-9_-]{0,63}$"
LARGEST_VERSION = 10**9

Version = Annotated[int, Field(ge=1, le=LARGEST_VERSION)]


class ModelRequest(Strict):
    """A name to be registered."""

    name: str = Field(
        pattern=NAME, description="Small letters, digits, `.`, `_` and `-`."
    )
    description: str | None = Field(default=None, max_length=500)


class VersionRequest(Strict):
    """The checkpoint that becomes the next version."""

    checkpoint_id: Annotated[UUID, Field(strict=False)]


class AliasRequest(Strict):
    """Where an alias is to point."""

    version: Version
    if_version: Annotated[int, Field(ge=0, le=LARGEST_VERSION)] | None = Field(
        default=None,
        description="Only if it points at this version now, 0 for at none; null: "
        "wherever it points.",
    )


class ImportPublic(Public):
    """Where a checkpoint comes from that no job here has trained.

    What its file claims of its own making is told as it stands there.
    """

    created_at: datetime
    files: list[str] = Field(description="As they were called when they were sent.")
    preprocess: str = Field(description="How `/predict` reads pictures for it.")
    weights_sha256: str = Field(
        description="Of the tensors alone: equal to that of the job's lineage whose "
        "weights these are."
    )
    claimed_job_id: str | None
    claimed_epoch: int | None


class VersionPublic(Public):
    """A checkpoint as a version of a model."""

    number: int
    created_at: datetime
    checkpoint_id: UUID
    job_id: UUID | None = Field(description="Null: it was imported.")
    epoch: int = Field(description="Of that job, from 1; 0 if it was imported.")
    imported: ImportPublic | None = Field(
        default=None, description="Null: a job here has trained it; see its lineage."
    )


class AliasPublic(Public):
    """A word for a version, for as long as it is not moved."""

    alias: str
    version: int | None = Field(description="Null: it was removed.")


class AliasChangePublic(AliasPublic):
    """One move of an alias."""

    number: int = Field(description="Counts the moves of this alias from 1.")
    created_at: datetime


class ModelPublic(Public):
    """A name for versions of a network that do the same work."""

    object: Literal["model"] = "model"
    name: str
    description: str | None
    created_at: datetime
    aliases: list[AliasPublic] = Field(default=[])


class ModelDetail(ModelPublic):
    """A model with its versions and where its aliases have pointed."""

    versions: list[VersionPublic] = Field(default=[], description="Newest first.")
    history: list[AliasChangePublic] = Field(
        default=[], description="The last 100 moves of aliases, newest first."
    )
