"""What a job's processes said: kept in order, the oldest dropped beyond a bound."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.jobs.moves import Claim
from app.models import Job, JobLog

MOST_LINES = 2000


def add_log_lines(session: Session, claim: Claim, lines: Sequence[JobLog]) -> None:
    """Append lines, numbering them on; a job that was deleted takes none."""
    statement = (
        update(Job)
        .where(col(Job.id) == claim.job_id)
        .values(log_count=col(Job.log_count) + len(lines))
        .returning(col(Job.log_count))
    )
    count = session.exec(statement).scalar_one_or_none()
    if count is not None:
        for number, line in enumerate(lines, start=count - len(lines) + 1):
            line.number = number
        session.add_all(lines)
        old = (
            col(JobLog.job_id) == claim.job_id,
            col(JobLog.number) <= count - MOST_LINES,
        )
        session.exec(delete(JobLog).where(*old))
    session.commit()


def list_log_lines(session: Session, job_id: UUID, after: int) -> list[JobLog]:
    """Return the lines that are still kept with a number above `after`."""
    statement = select(JobLog).where(
        col(JobLog.job_id) == job_id, col(JobLog.number) > after
    )
    return list(session.exec(statement.order_by(col(JobLog.number))))
