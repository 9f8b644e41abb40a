"""Which workers there are, and what each is doing."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.models import Job, Worker, now
from app.states import HELD


@dataclass(frozen=True)
class WorkerView:
    """A worker, the jobs that it holds now, and whether it was heard of lately."""

    worker: Worker
    current_jobs: list[UUID]
    is_alive: bool


def show_worker(session: Session, worker: Worker) -> None:
    """Write the worker's row, with a heartbeat of now."""
    worker.heartbeat_at = now()
    session.merge(worker)
    session.commit()


def list_workers(session: Session, fresh: timedelta) -> list[WorkerView]:
    """Return every known worker, the last heard of first."""
    newest = select(Worker).order_by(col(Worker.heartbeat_at).desc(), col(Worker.id))
    held = select(Job.worker_id, Job.id).where(col(Job.status).in_(HELD))
    holders = list(session.exec(held))
    return [
        WorkerView(
            worker,
            [job_id for worker_id, job_id in holders if worker_id == worker.id],
            worker.heartbeat_at > now() - fresh,
        )
        for worker in session.exec(newest.limit(100))
    ]


def forget_workers(session: Session, unseen: timedelta) -> None:
    """Delete the rows of workers that were not heard of for that long."""
    session.exec(delete(Worker).where(col(Worker.heartbeat_at) < now() - unseen))
    session.commit()
