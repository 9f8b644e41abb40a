"""Reading the evaluation report of a job."""

from sqlmodel import Session

from app.errors import ReportNotFound
from app.models import Job, JobReport


def get_report(session: Session, job: Job) -> JobReport:
    report = session.get(JobReport, job.id)
    if report is None:
        raise ReportNotFound(reason_for_none(job))
    return report


def reason_for_none(job: Job) -> str:
    if job.is_terminal:
        return f"The job {job.status} without a report of its test images."
    return (
        f"The job is {job.status}; its report is there once its best checkpoint was "
        "measured on the test images, at its end."
    )
