"""What a client asks of a job: stop, cancel, pause, resume."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from app.errors import WrongStatus
from app.jobs.listing import get_job
from app.jobs.moves import News, change_job, stands_at
from app.models import Job, now
from app.states import ALREADY, MOVES, Action, JobStatus, Move, StopReason


def request_action(session: Session, job_id: UUID, action: Action) -> Job:
    """Grant an action and return the job; asked again, it is granted again.

    Raises:
        JobNotFound: There is no such job.
        WrongStatus: The job is in a status where this cannot be done.
    """
    moved = any(apply_move(session, job_id, action, move) for move in MOVES[action])
    job = get_job(session, job_id)
    session.commit()
    if moved or job.status in ALREADY[action] or was_stopped(job, action):
        return job
    if action is Action.STOP and job.attempt == 0 and not job.is_terminal:
        raise WrongStatus("The job has not started, so there is nothing to keep.")
    raise WrongStatus(f"A job that is {job.status} cannot {action}.")


def apply_move(session: Session, job_id: UUID, action: Action, move: Move) -> bool:
    where = [*stands_at(job_id, move.source), is_held(move.held)]
    if action is Action.STOP:
        where.append(col(Job.attempt) > 0)
    values = values_of(move.target, now())
    news = News(move.target, {"requested": action})
    return change_job(session, where, values, news) is not None


def is_held(held: bool) -> ColumnElement[bool]:  # noqa: FBT001
    lease = col(Job.lease_expires_at)
    return lease.is_not(None) if held else lease.is_(None)


def values_of(target: JobStatus, moment: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"status": target}
    if target in {JobStatus.QUEUED, JobStatus.STOPPING}:
        values["dispatch_at"] = moment
    if target is JobStatus.CANCELLED:
        values |= {"finished_at": moment, "stop_reason": StopReason.CANCELLED_BY_USER}
    return values


def was_stopped(job: Job, action: Action) -> bool:
    return action is Action.STOP and job.stop_reason is StopReason.STOPPED_BY_USER
