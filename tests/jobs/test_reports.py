"""A job's report is stored with its result, read back whole, and goes with the job."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.errors import ReportNotFound
from app.jobs import Claim
from tests.factories import finish_job
from tests.jobs.examples import crash, every_row, fail, look, start, submit
from tests.reports import a_report, record_report, reported_job


def start_id(engine: Engine) -> UUID:
    return start(engine).job_id


def test_a_report_comes_back_whole(engine: Engine, session: Session) -> None:
    report = a_report()

    job = reported_job(engine, report)

    stored = jobs.get_report(session, job)
    assert stored.job_id == job.id
    assert stored.data == report
    assert (job.test_loss, job.test_accuracy) == (0.5, 0.875)


def test_a_result_that_is_measured_again_replaces_the_report(
    engine: Engine, session: Session, claim: Claim
) -> None:
    record_report(engine, claim, a_report(images=20))
    again = a_report(images=30)

    assert record_report(engine, claim, again)

    assert jobs.get_report(session, look(engine, claim.job_id)).data == again


def test_an_attempt_that_is_over_leaves_no_report(
    engine: Engine, session: Session, claim: Claim
) -> None:
    crash(session, claim)
    before = every_row(engine)

    assert not record_report(engine, claim, a_report())

    assert every_row(engine) == before


@pytest.mark.parametrize("begin", [submit, start_id], ids=["queued", "running"])
def test_a_job_that_goes_on_has_no_report_yet(
    engine: Engine, session: Session, begin: Callable[[Engine], UUID]
) -> None:
    job = look(engine, begin(engine))

    with pytest.raises(ReportNotFound, match=f"is {job.status}; its report is there"):
        jobs.get_report(session, job)


def test_a_job_that_failed_has_none(
    engine: Engine, session: Session, claim: Claim
) -> None:
    fail(session, claim)

    with pytest.raises(ReportNotFound, match="failed without a report"):
        jobs.get_report(session, look(engine, claim.job_id))


def test_a_job_of_before_there_were_reports_has_none(
    engine: Engine, session: Session, claim: Claim
) -> None:
    finish_job(engine, claim)

    with pytest.raises(ReportNotFound, match="succeeded without a report"):
        jobs.get_report(session, look(engine, claim.job_id))


def test_a_report_stays_when_the_bytes_of_checkpoints_go(
    engine: Engine, session: Session
) -> None:
    job = reported_job(engine, a_report())

    jobs.delete_job(session, job.id, files_only=True)

    assert jobs.get_report(session, job).data == a_report()


def test_a_report_goes_with_its_job(engine: Engine, session: Session) -> None:
    job = reported_job(engine, a_report())

    jobs.delete_job(session, job.id, files_only=False)

    assert not any(every_row(engine).values())
