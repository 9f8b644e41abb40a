"""Checkpoints that somebody else needs, which nothing here may delete."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, col

from app.errors import CheckpointInUse
from app.models import Checkpoint, ModelVersion
from app.registry import versions_of_job


def is_pinned() -> ColumnElement[bool]:
    """Say in SQL whether a model's version points at the checkpoint."""
    return exists().where(col(ModelVersion.checkpoint_id) == Checkpoint.id)


def demand_unpinned(session: Session, job_id: UUID) -> None:
    """Raise CheckpointInUse if anybody needs a checkpoint of the job."""
    versions = versions_of_job(session, job_id)
    if versions:
        names = ", ".join(f"{one.model_name}@{one.number}" for one in versions)
        raise CheckpointInUse(
            f"Checkpoints of the job are versions of models: {names}; delete those "
            "versions first."
        )
