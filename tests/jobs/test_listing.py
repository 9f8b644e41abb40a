"""Jobs are listed newest first, page by page, and found or missed by name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import write_session
from app.database.pages import Page
from app.errors import JobNotFound, UnknownCursor
from app.jobs import Claim
from app.models import Job
from app.spec import TrainingSpec
from app.states import JobStatus
from tests.jobs.examples import PROGRESS, fail

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SPEC = TrainingSpec(seed=1)


def add_jobs(
    session: Session, *created: datetime, status: JobStatus = JobStatus.QUEUED
) -> None:
    """Store jobs whose ids count on from those that are there, from 1."""
    first = len(jobs.list_jobs(session, 100, None, None).found) + 1
    for number, created_at in enumerate(created, first):
        job_id = UUID(int=number)
        session.add(Job(id=job_id, created_at=created_at, status=status, spec=SPEC))
    session.commit()


def numbers(page: Page[Job]) -> list[int]:
    return [job.id.int for job in page.found]


def test_no_jobs_are_an_empty_page(session: Session) -> None:
    page = jobs.list_jobs(session, 10, None, None)

    assert (page.found, page.has_more) == ([], False)


def test_the_newest_job_comes_first(session: Session) -> None:
    hour = timedelta(hours=1)
    add_jobs(session, NOON, NOON + hour, NOON - hour)

    assert numbers(jobs.list_jobs(session, 10, None, None)) == [2, 1, 3]


@pytest.mark.parametrize(("limit", "has_more"), [(2, True), (3, False), (4, False)])
def test_a_page_says_whether_older_jobs_follow(
    session: Session, limit: int, *, has_more: bool
) -> None:
    add_jobs(session, NOON, NOON, NOON)

    page = jobs.list_jobs(session, limit, None, None)

    assert len(page.found) == min(limit, 3)
    assert page.has_more is has_more


def test_pages_over_one_moment_show_each_job_once(session: Session) -> None:
    microsecond = timedelta(microseconds=1)
    add_jobs(session, NOON, NOON, NOON, NOON + microsecond, NOON - microsecond)

    seen: list[int] = []
    while (page := next_page(session, seen)).has_more:
        seen += numbers(page)

    assert seen + numbers(page) == [4, 3, 2, 1, 5]


def next_page(session: Session, seen: list[int]) -> Page[Job]:
    after = UUID(int=seen[-1]) if seen else None
    return jobs.list_jobs(session, 2, after, None)


def test_a_job_that_comes_meanwhile_moves_no_page(session: Session) -> None:
    add_jobs(session, NOON, NOON)
    first = jobs.list_jobs(session, 1, None, None)
    add_jobs(session, NOON + timedelta(hours=1))

    second = jobs.list_jobs(session, 1, first.found[-1].id, None)

    assert numbers(first) + numbers(second) == [2, 1]


def test_a_status_is_filtered_before_the_limit(session: Session) -> None:
    add_jobs(session, NOON, NOON, status=JobStatus.FAILED)
    add_jobs(session, NOON, NOON, NOON)

    page = jobs.list_jobs(session, 2, None, JobStatus.FAILED)

    assert numbers(page) == [2, 1]
    assert not page.has_more


def test_the_place_to_go_on_may_have_another_status(session: Session) -> None:
    add_jobs(session, NOON, status=JobStatus.FAILED)
    add_jobs(session, NOON)

    page = jobs.list_jobs(session, 2, UUID(int=2), JobStatus.FAILED)

    assert numbers(page) == [1]


def test_a_page_after_an_unknown_job_is_refused(session: Session) -> None:
    add_jobs(session, NOON)

    with pytest.raises(UnknownCursor):
        jobs.list_jobs(session, 10, uuid4(), None)


def test_an_unknown_job_is_not_found(session: Session) -> None:
    with pytest.raises(JobNotFound):
        jobs.get_job(session, uuid4())


def test_a_job_is_read_afresh(engine: Engine, session: Session, claim: Claim) -> None:
    job = jobs.get_job(session, claim.job_id)
    session.commit()
    with write_session(engine) as other:
        jobs.record_progress(other, claim, PROGRESS)

    assert jobs.get_job(session, claim.job_id).progress == PROGRESS
    assert job.progress == PROGRESS


def test_a_job_without_epochs_has_neither_metrics_nor_checkpoints_nor_state(
    session: Session, claim: Claim
) -> None:
    fail(session, claim)

    assert jobs.list_metrics(session, claim.job_id) == []
    assert jobs.list_checkpoints(session, claim.job_id) == []
    assert jobs.read_training_state(session, claim.job_id) is None
