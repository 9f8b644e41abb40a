"""One worker holds a job at a time, and the first in line is taken first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim, Lease
from app.jobs.leases import claim_job
from app.models import Job, now
from app.spec import JobEdit, JobRequest, TrainingSpec
from app.states import Action, JobStatus
from tests.jobs.examples import (
    LEASE,
    claimed,
    crash,
    every_row,
    fail,
    kinds,
    last_event,
    look,
    release,
)

THREADS = 8
BY_WORKER_1 = Lease("worker-1", LEASE)
MORNING = now() - timedelta(hours=1)


def take(engine: Engine, job_id: UUID) -> Claim | None:
    with write_session(engine) as session:
        return claim_job(session, job_id, BY_WORKER_1)


def take_next(engine: Engine) -> Claim | None:
    with write_session(engine) as session:
        return jobs.claim_next(session, BY_WORKER_1)


def line_up(session: Session, *places: tuple[int, datetime]) -> None:
    """Store queued jobs of these priorities and ages, their ids counted from 1."""
    for number, (priority, created_at) in enumerate(places, start=1):
        job = Job(id=UUID(int=number), spec=TrainingSpec(), priority=priority)
        job.created_at = created_at
        session.add(job)
    session.commit()


def take_all(engine: Engine) -> list[int]:
    return [claim.job_id.int for claim in iter(lambda: take_next(engine), None)]


def test_a_claimed_job_runs_at_its_worker(engine: Engine, claim: Claim) -> None:
    job = look(engine, claim.job_id)

    assert job.status is JobStatus.RUNNING
    assert (job.worker_id, job.attempt, claim.attempt) == ("worker-1", 1, 1)
    assert job.lease_expires_at is not None
    assert job.started_at is not None
    assert job.lease_expires_at - job.started_at == LEASE
    assert last_event(engine, claim.job_id) == {"worker_id": "worker-1"}


def test_a_claimed_job_is_not_there_to_be_taken(engine: Engine, claim: Claim) -> None:
    before = every_row(engine)

    assert take(engine, claim.job_id) is None
    assert take_next(engine) is None

    assert every_row(engine) == before


def test_an_unknown_job_is_not_there_to_be_taken(engine: Engine) -> None:
    assert take(engine, uuid4()) is None


def test_a_finished_or_paused_job_is_not_there_to_be_taken(
    engine: Engine, session: Session, claim: Claim
) -> None:
    fail(session, claim)
    paused = jobs.submit_job(session, JobRequest())
    jobs.request_action(session, paused.id, Action.PAUSE)

    assert take(engine, claim.job_id) is None
    assert take(engine, paused.id) is None
    assert take_next(engine) is None


def test_a_worker_that_finds_nothing_holds_no_lock(session: Session) -> None:
    assert jobs.claim_next(session, BY_WORKER_1) is None

    assert not session.in_transaction()


def test_of_many_workers_one_gets_the_job(engine: Engine, job_id: UUID) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        claims = list(pool.map(lambda _: take_next(engine), range(THREADS)))

    assert [claim for claim in claims if claim is not None] == [Claim(job_id, 1)]
    assert kinds(engine, job_id) == ["queued", "running"]


def test_many_workers_share_the_jobs_out(engine: Engine, session: Session) -> None:
    line_up(session, *[(0, MORNING)] * THREADS)

    with ThreadPoolExecutor(THREADS) as pool:
        claims = list(pool.map(lambda _: take_next(engine), range(THREADS)))

    assert {claim.job_id.int for claim in claims if claim} == set(range(1, THREADS + 1))


def test_the_higher_priority_goes_first_then_the_older_then_the_lower_id(
    engine: Engine, session: Session
) -> None:
    later = MORNING + timedelta(minutes=1)
    line_up(session, (0, later), (0, MORNING), (-1, MORNING), (5, later), (5, later))

    assert take_all(engine) == [4, 5, 2, 1, 3]


def test_a_new_priority_changes_the_line(engine: Engine, session: Session) -> None:
    line_up(session, (0, MORNING), (0, MORNING), (0, MORNING))
    jobs.edit_job(session, UUID(int=3), JobEdit(priority=1))

    assert take_all(engine) == [3, 1, 2]


def test_a_job_that_is_stopped_while_nobody_holds_it_is_taken_as_it_is(
    engine: Engine, session: Session, claim: Claim
) -> None:
    release(session, claim)
    jobs.request_action(session, claim.job_id, Action.STOP)

    assert take_next(engine) == Claim(claim.job_id, 2)

    job = look(engine, claim.job_id)
    assert (job.status, job.worker_id) == (JobStatus.STOPPING, "worker-1")
    assert kinds(engine, claim.job_id)[-2:] == ["stopping", "stopping"]


def test_each_claim_is_a_new_attempt_of_the_same_start(
    session: Session, claim: Claim
) -> None:
    started_at = jobs.get_job(session, claim.job_id).started_at
    release(session, claim)

    again = claimed(session, claim.job_id)

    assert again.attempt == claim.attempt + 1
    assert jobs.get_job(session, claim.job_id).started_at == started_at


def test_a_worker_reads_what_is_asked_of_its_job(
    session: Session, job_id: UUID
) -> None:
    crash(session, claimed(session, job_id))

    assert jobs.read_status(session, job_id) is JobStatus.QUEUED
    assert jobs.read_status(session, uuid4()) is None
