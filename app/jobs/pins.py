"""Checkpoints that somebody else needs, which nothing here may delete."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.errors import CheckpointInUse
from app.models import Checkpoint, Job, ModelVersion
from app.registry import versions_of_job
from app.states import TERMINAL


def is_pinned() -> ColumnElement[bool]:
    """Say in SQL whether a version points at the checkpoint, or a job needs it."""
    starting = aliased(Job)  # the statement around may be about jobs too
    return or_(
        exists().where(col(ModelVersion.checkpoint_id) == Checkpoint.id),
        exists().where(
            col(starting.init_from) == Checkpoint.id,
            col(starting.status).not_in(TERMINAL),
        ),
    )


def demand_unpinned(session: Session, job_id: UUID) -> None:
    """Raise CheckpointInUse if anybody needs a checkpoint of the job."""
    versions = versions_of_job(session, job_id)
    if versions:
        names = ", ".join(f"{one.model_name}@{one.number}" for one in versions)
        raise CheckpointInUse(
            f"Checkpoints of the job are versions of models: {names}; delete those "
            "versions first."
        )
    starting = select(Job.id).where(
        col(Job.init_from).in_(
            select(Checkpoint.id).where(col(Checkpoint.job_id) == job_id)
        ),
        col(Job.status).not_in(TERMINAL),
    )
    waiting = session.exec(starting.limit(1)).one_or_none()
    if waiting is not None:
        raise CheckpointInUse(f"The job {waiting} starts from one of its checkpoints.")
