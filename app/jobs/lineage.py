"""Where a job's weights come from: what was asked, and on what each attempt ran."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.jobs.moves import Claim, held_by, update_job
from app.models import Job, JobAttempt


def record_attempt(session: Session, claim: Claim, attempt: JobAttempt) -> bool:
    """Say on what and with which code and images the attempt trains."""
    values = {"environment": attempt.environment}
    if not update_job(session, held_by(claim), values):
        session.rollback()
        return False
    session.merge(attempt)
    session.commit()
    return True


def list_attempts(session: Session, job_id: UUID) -> list[JobAttempt]:
    """Return what each attempt said of itself, first to last."""
    of_job = select(JobAttempt).where(col(JobAttempt.job_id) == job_id)
    return list(session.exec(of_job.order_by(col(JobAttempt.attempt))))


def last_attempt(session: Session, job: Job) -> JobAttempt | None:
    attempts = list_attempts(session, job.id)
    return attempts[-1] if attempts else None
