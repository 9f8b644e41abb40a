"""Imported checkpoints, which live for as long as a version points at them."""

from sqlalchemy import delete, exists
from sqlmodel import Session, col, select

from app.models import (
    Checkpoint,
    CheckpointImport,
    CheckpointWeights,
    Job,
    ModelVersion,
)
from app.states import TERMINAL


def forget_imports(session: Session) -> None:
    """Delete every imported checkpoint that no version has and no job starts from.

    No deletion of a job would ever take them along.
    """
    unneeded = list(
        session.exec(
            select(Checkpoint.id).where(
                col(Checkpoint.job_id).is_(None),
                ~exists().where(col(ModelVersion.checkpoint_id) == Checkpoint.id),
                ~exists().where(
                    col(Job.init_from) == Checkpoint.id,
                    col(Job.status).not_in(TERMINAL),
                ),
            )
        )
    )
    for table in (CheckpointWeights, CheckpointImport):
        session.exec(delete(table).where(col(table.checkpoint_id).in_(unneeded)))
    session.exec(delete(Checkpoint).where(col(Checkpoint.id).in_(unneeded)))
