"""What the tables say of the service as a whole, by a few queries that stay cheap."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from app.jobs.moves import waits
from app.models import Job, Worker, now
from app.states import HELD, JobStatus

MOST_RUNNING = 1000
SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True)
class Gauges:
    """The state of the whole service at one moment."""

    jobs: dict[JobStatus, int]
    epochs: int
    waiting: int
    oldest_waiting_seconds: float
    images_per_second: float
    workers: int
    gpu_memory: dict[str, tuple[int, int]]
    database_bytes: int


def read_gauges(session: Session, fresh: timedelta) -> Gauges:
    """Read them all; counting is done by an index that holds nothing else."""
    totals = select(col(Job.status), func.count(), func.sum(col(Job.epoch)))
    by_status = list(session.exec(totals.group_by(col(Job.status))))
    counts = {status: count for status, count, _epochs in by_status}
    waiting, oldest = oldest_waiting(session)
    workers = list(
        session.exec(
            select(Worker).where(col(Worker.heartbeat_at) > now() - fresh).limit(1000)
        )
    )
    return Gauges(
        jobs={status: counts.get(status, 0) for status in JobStatus},
        epochs=sum(epochs for _status, _count, epochs in by_status),
        waiting=waiting,
        oldest_waiting_seconds=(
            0.0 if oldest is None else max((now() - oldest).total_seconds(), 0.0)
        ),
        images_per_second=images_per_second(session),
        workers=len(workers),
        gpu_memory={
            worker.id: (worker.gpu_memory_used, worker.gpu_memory_total)
            for worker in workers
            if worker.gpu_memory_used is not None
            and worker.gpu_memory_total is not None
        },
        database_bytes=database_bytes(session),
    )


def oldest_waiting(session: Session) -> tuple[int, datetime | None]:
    """Count the jobs that wait, and say since when the oldest was there."""
    statement = sqlalchemy.select(func.count(), func.min(col(Job.created_at)))
    count, since = session.execute(statement.where(*waits())).one()
    return count, since


def images_per_second(session: Session) -> float:
    """Sum what the jobs that are held said last."""
    statement = sqlalchemy.select(col(Job.progress)).where(
        col(Job.status).in_(HELD), col(Job.lease_expires_at).is_not(None)
    )
    found = session.scalars(statement.limit(MOST_RUNNING))
    return sum(progress.images_per_second for progress in found if progress)


def database_bytes(session: Session) -> int:
    statement = SIZES.get(session.get_bind().dialect.name)
    return 0 if statement is None else session.scalar(text(statement)) or 0
