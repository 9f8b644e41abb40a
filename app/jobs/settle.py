"""How a job goes on once the process of an attempt is gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col

from app.jobs.estimates import error_of_estimate
from app.jobs.listing import find_job
from app.jobs.moves import Claim, News, change_job
from app.jobs.reproduction import judge
from app.models import Job, JobError, TrainingState, now
from app.states import OUTCOMES, ErrorCode, JobStatus, Outcome, StopReason

RETRIED = frozenset({JobStatus.QUEUED, JobStatus.STOPPING})
LEASE_EXPIRED = "lease_expired"
UNHELD: dict[str, Any] = {"worker_id": None, "lease_expires_at": None}


@dataclass(frozen=True)
class Ending:
    """How an attempt ended, why, and after how many in a row the job fails."""

    outcome: Outcome
    reason: str
    max_attempts: int
    last_lines: tuple[str, ...] = ()


def settle_job(
    session: Session,
    claim: Claim,
    ending: Ending,
    *,
    unrenewed: datetime | None = None,
) -> JobStatus | None:
    """Move a job on from an attempt that is over; None if another has it already.

    Called only when the child is gone: by its supervisor, or by the reconciler
    when the supervisor is gone too. What the status says by then decides: a job
    that was asked to pause is paused, whatever ended its child. With `unrenewed`, the
    expiry at which a lease stood, nothing happens if it was renewed after all.
    """
    job = find_job(session, claim.job_id)
    if job is None:  # settled by another, then deleted
        session.rollback()
        return None
    expiry = col(Job.lease_expires_at)
    is_unsettled = expiry.is_not(None) if unrenewed is None else expiry == unrenewed
    for source, target in OUTCOMES[ending.outcome].items():
        where = [
            col(Job.id) == claim.job_id,
            col(Job.attempt) == claim.attempt,
            col(Job.status) == source,
            is_unsettled,
        ]
        settled = settle_as(session, job, Settlement(where, source, target, ending))
        if settled is not None:
            session.commit()
            return settled
    session.rollback()
    return None


@dataclass(frozen=True)
class Settlement:
    """One row of the table of outcomes, about to be tried."""

    where: list[ColumnElement[bool]]
    source: JobStatus
    target: JobStatus
    ending: Ending


def settle_as(session: Session, job: Job, row: Settlement) -> JobStatus | None:
    target, values = row.target, dict(UNHELD)
    news: dict[str, Any] = {"reason": row.ending.reason}
    if row.ending.outcome is Outcome.LOST and target in RETRIED:
        values["crashes"] = job.crashes + 1
        if job.crashes + 1 >= row.ending.max_attempts:
            target = JobStatus.FAILED
            values["error"] = crashed(job.crashes + 1, row.ending)
    values |= ending_values(job, row.source, target)
    if target is JobStatus.FAILED:
        error = values.get("error") or job.error
        news["error"] = error.model_dump(mode="json") if error else None
    if target is JobStatus.SUCCEEDED:
        values |= verdict_values(session, job, values["stop_reason"])
        news |= {"test_loss": job.test_loss, "test_accuracy": job.test_accuracy}
    # An epoch recorded since the crashes were counted makes the count void.
    where = [*row.where, col(Job.crashes) == job.crashes]
    kind = "requeued" if target is JobStatus.QUEUED else target
    if change_job(session, where, values, News(kind, news)) is None:
        return None
    if target is JobStatus.SUCCEEDED:
        statement = delete(TrainingState)
        session.exec(statement.where(col(TrainingState.job_id) == job.id))
    return target


def verdict_values(
    session: Session, job: Job, stop_reason: StopReason
) -> dict[str, Any]:
    """Return the verdict on a job that reproduces another."""
    if job.reproduces is None:
        return {}
    return {"verdict": judge(session, job, stop_reason)}


def ending_values(job: Job, source: JobStatus, target: JobStatus) -> dict[str, Any]:
    """Return what changes besides the lease when a job moves to target."""
    values: dict[str, Any] = {"status": target}
    if not target.is_terminal:
        return values | {"dispatch_at": now(), "stop_reason": None}
    values["finished_at"] = now()
    if target is JobStatus.FAILED:
        values["stop_reason"] = None
    if target is JobStatus.CANCELLED:
        values |= {"stop_reason": StopReason.CANCELLED_BY_USER, "error": None}
    if target is JobStatus.SUCCEEDED:
        stopped = source is JobStatus.STOPPING
        reason = StopReason.STOPPED_BY_USER if stopped else job.stop_reason
        values["stop_reason"] = reason or StopReason.COMPLETED
        ran_out = values["stop_reason"] is StopReason.COMPLETED
        values["estimate_error"] = error_of_estimate(job) if ran_out else None
    return values


def crashed(times: int, ending: Ending) -> JobError:
    """Say that the training process died again and again, with its last words."""
    worker_is_gone = ending.reason == LEASE_EXPIRED
    code = ErrorCode.WORKER_LOST if worker_is_gone else ErrorCode.PROCESS_CRASHED
    said = (
        " It said last:\n" + "\n".join(ending.last_lines) if ending.last_lines else ""
    )
    return JobError(
        code=code,
        message=f"The training process died {times} times without finishing an "
        f"epoch; the last time: {ending.reason}.{said}",
        hint="Look at the job's log and the worker's memory, then retry the job.",
        retryable=True,
    )
