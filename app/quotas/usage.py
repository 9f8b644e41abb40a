"""How much of its quotas a key uses now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from app.models import ApiKey, Checkpoint, Dataset, DatasetContent, Job
from app.states import HELD, JobStatus


@dataclass(frozen=True)
class Usage:
    """What counts against each quota."""

    queued_jobs: int
    running_jobs: int
    stored_bytes: int
    epochs_a_day: int


def usage_of(session: Session, key: ApiKey) -> Usage:
    return Usage(
        queued_jobs=count_queued_jobs(session, key.id),
        running_jobs=count_running_jobs(session, key.id),
        stored_bytes=count_stored_bytes(session, key.id),
        epochs_a_day=key.epochs_spent if key.epochs_on == today() else 0,
    )


def has_room_to_run(session: Session, key_id: str, default: int | None) -> bool:
    """Say whether another job of a key may run, and let nobody else say so meanwhile.

    Where a database has no lock of its own for all writers, that of the key's row.
    """
    limit = select(col(ApiKey.max_running_jobs)).where(col(ApiKey.id) == key_id)
    most = session.exec(limit.with_for_update()).one_or_none()
    most = default if most is None else most
    return most is None or count_running_jobs(session, key_id) < most


def count_queued_jobs(session: Session, key_id: str) -> int:
    return count_jobs(session, key_id, col(Job.status) == JobStatus.QUEUED)


def count_running_jobs(session: Session, key_id: str) -> int:
    held = col(Job.status).in_(HELD) & col(Job.lease_expires_at).is_not(None)
    return count_jobs(session, key_id, held)


def count_jobs(session: Session, key_id: str, where: ColumnElement[bool]) -> int:
    statement = select(func.count()).where(col(Job.key_id) == key_id, where)
    return session.exec(statement).one()


def count_stored_bytes(session: Session, key_id: str) -> int:
    """Sum a key's checkpoints and datasets; versions of one content count once."""
    checkpoints = select(total(Checkpoint.size_bytes)).join(Job)
    contents = select(col(Dataset.digest)).where(col(Dataset.key_id) == key_id)
    datasets = select(total(DatasetContent.stored_bytes))
    of_key = col(Job.key_id) == key_id
    used = session.exec(checkpoints.where(of_key)).one()
    used += session.exec(datasets.where(col(DatasetContent.digest).in_(contents))).one()
    return int(used)


def total(column: int) -> ColumnElement[int]:
    return func.coalesce(func.sum(col(column)), 0)


def today() -> date:
    return datetime.now(UTC).date()
