"""Who may run a job: claims, renewals, and what becomes of a lost lease."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from app.jobs.moves import Claim, News, change_job, held_by, may_become, update_job
from app.models import Job, JobError, now
from app.spec import JobStatus

__all__ = [
    "Claim",
    "LostLease",
    "claim_job",
    "find_lost_leases",
    "put_back",
    "renew_lease",
]


@dataclass(frozen=True)
class LostLease:
    """An attempt that ended without a word, and how many did so in a row before."""

    claim: Claim
    crashes: int


def claim_job(
    session: Session, job_id: UUID, worker_id: str, lease: timedelta
) -> Claim | None:
    """Take a queued job for training; None if it is not there to be taken."""
    started = now()
    values = {
        "status": JobStatus.RUNNING,
        "attempt": col(Job.attempt) + 1,
        "worker_id": worker_id,
        "lease_expires_at": started + lease,
        "started_at": func.coalesce(col(Job.started_at), started),
    }
    news = News("running", {"worker_id": worker_id})
    where = may_become(job_id, JobStatus.RUNNING)
    event = change_job(session, where, values, news)
    session.commit()
    return None if event is None else Claim(job_id, event.attempt)


def renew_lease(session: Session, claim: Claim, lease: timedelta) -> bool:
    """Keep the job for another lease; False once it belongs to somebody else."""
    renewed = update_job(session, held_by(claim), {"lease_expires_at": now() + lease})
    session.commit()
    return renewed


def find_lost_leases(session: Session) -> list[LostLease]:
    statement = select(Job.id, Job.attempt, Job.crashes).where(
        col(Job.status) == JobStatus.RUNNING, col(Job.lease_expires_at) < now()
    )
    found = session.exec(statement.order_by(col(Job.lease_expires_at)).limit(100))
    return [
        LostLease(Claim(job_id, attempt), crashes) for job_id, attempt, crashes in found
    ]


def put_back(
    session: Session, lost: LostLease, max_attempts: int, reason: str
) -> JobStatus | None:
    """Queue a job whose attempt died, or fail it when that keeps happening.

    Attempts are counted since the last finished epoch, so a job that makes
    progress never fails by being moved often. None if the attempt was not current.
    """
    crashes = lost.crashes + 1
    values: dict[str, Any] = {
        "crashes": crashes,
        "worker_id": None,
        "lease_expires_at": None,
    }
    if crashes < max_attempts:
        status = JobStatus.QUEUED
        values |= {"status": status, "dispatch_at": now()}
        news = News("requeued", {"reason": reason})
    else:
        status = JobStatus.FAILED
        error = worker_lost(crashes, reason)
        values |= {"status": status, "error": error, "finished_at": now()}
        news = News("failed", {"error": error.model_dump()})
    # An epoch recorded since the crashes were counted makes the count void.
    where = [*held_by(lost.claim), col(Job.crashes) == lost.crashes]
    event = change_job(session, where, values, news)
    session.commit()
    return None if event is None else status


def worker_lost(crashes: int, reason: str) -> JobError:
    return JobError(
        code="worker_lost",
        message=f"The training process died {crashes} times without finishing an "
        f"epoch; the last time: {reason}.",
        hint="Look at the worker's log and memory, then submit the job again.",
        retryable=True,
    )
