"""Deleting a version, and its content with the last version that has it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from app.errors import DatasetInUse, DatasetNotFound
from app.models import (
    Dataset,
    DatasetChunk,
    DatasetContent,
    DatasetSheet,
    Job,
)
from app.states import TERMINAL


@dataclass(frozen=True)
class Freed:
    """What a deletion frees; nothing while another version has the same content."""

    stored_bytes: int
    shared_with: list[str]
    jobs_waiting: int


def what_would_be_freed(session: Session, dataset_id: UUID) -> Freed:
    """Say what a deletion would free, and how many jobs forbid it now."""
    dataset = session.get(Dataset, dataset_id)
    if dataset is None:
        raise DatasetNotFound
    others = select(Dataset).where(
        col(Dataset.digest) == dataset.digest, col(Dataset.id) != dataset_id
    )
    shared = [f"{row.name}@{row.version}" for row in session.exec(others)]
    content = session.get(DatasetContent, dataset.digest) if dataset.digest else None
    size = 0 if content is None or shared else content.stored_bytes
    return Freed(size, sorted(shared), count_users(session, dataset_id))


def delete_dataset(session: Session, dataset_id: UUID) -> Freed:
    """Remove a version; jobs that have ended keep their record of it.

    Raises:
        DatasetNotFound: There is none.
        DatasetInUse: A job that has not ended learns from it.
    """
    # Locked before jobs are counted: a job being submitted holds the row until it is
    # there to be counted.
    locked = select(Dataset).where(col(Dataset.id) == dataset_id).with_for_update()
    dataset = session.exec(locked).one_or_none()
    if dataset is None:
        raise DatasetNotFound
    freed = what_would_be_freed(session, dataset_id)
    if freed.jobs_waiting:
        raise DatasetInUse(
            f"{freed.jobs_waiting} jobs that have not ended use this dataset."
        )
    digest = dataset.digest
    session.exec(delete(Dataset).where(col(Dataset.id) == dataset_id))
    if digest is not None and not freed.shared_with:
        for table in (DatasetChunk, DatasetSheet, DatasetContent):
            session.exec(delete(table).where(col(table.digest) == digest))
    session.commit()
    return freed


def count_users(session: Session, dataset_id: UUID) -> int:
    users = select(func.count()).where(
        col(Job.dataset_id) == dataset_id, col(Job.status).not_in(TERMINAL)
    )
    return session.exec(users).one()
