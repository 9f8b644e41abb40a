"""One worker holds a job at a time; a lost lease puts it back, within reason."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim, LostLease
from app.spec import JobStatus, TrainingSpec
from tests.conftest import FakeQueue
from tests.jobs.examples import (
    DIVERGED,
    EXPIRED,
    LEASE,
    REDELIVERY,
    STATE,
    an_epoch,
    claimed,
    crash,
    every_row,
    kinds,
    last_event,
    look,
)

THREADS = 8


def take(engine: Engine, job_id: UUID) -> Claim | None:
    with write_session(engine) as session:
        return jobs.claim_job(session, job_id, "worker-1", LEASE)


def test_a_claimed_job_runs_at_its_worker(engine: Engine, claim: Claim) -> None:
    job = look(engine, claim.job_id)

    assert job.status is JobStatus.RUNNING
    assert (
        (job.worker_id, job.attempt) == ("worker-1", claim.attempt) == ("worker-1", 1)
    )
    assert job.lease_expires_at is not None
    assert job.started_at is not None
    assert job.lease_expires_at - job.started_at == LEASE
    assert last_event(engine, claim.job_id) == {"worker_id": "worker-1"}


def test_a_claimed_job_is_not_there_to_be_taken(engine: Engine, claim: Claim) -> None:
    before = every_row(engine)

    assert take(engine, claim.job_id) is None

    assert every_row(engine) == before


def test_an_unknown_job_is_not_there_to_be_taken(engine: Engine) -> None:
    assert take(engine, uuid4()) is None


def test_a_finished_job_is_not_there_to_be_taken(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.fail_job(session, claim, DIVERGED)

    assert take(engine, claim.job_id) is None


def test_of_many_workers_one_gets_the_job(engine: Engine, job_id: UUID) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        claims = list(pool.map(lambda _: take(engine, job_id), range(THREADS)))

    assert [claim for claim in claims if claim is not None] == [Claim(job_id, 1)]
    assert kinds(engine, job_id) == ["queued", "running"]


def test_each_claim_is_a_new_attempt_of_the_same_start(
    session: Session, claim: Claim
) -> None:
    started_at = jobs.get_job(session, claim.job_id).started_at
    jobs.release_job(session, claim, STATE)

    again = claimed(session, claim.job_id)

    assert again.attempt == claim.attempt + 1
    assert jobs.get_job(session, claim.job_id).started_at == started_at


def test_a_renewed_lease_is_not_lost(session: Session, job_id: UUID) -> None:
    claim = claimed(session, job_id, EXPIRED)
    assert jobs.find_lost_leases(session) == [LostLease(claim, crashes=0)]

    assert jobs.renew_lease(session, claim, LEASE)

    assert jobs.find_lost_leases(session) == []


def test_a_renewal_is_no_news(engine: Engine, session: Session, claim: Claim) -> None:
    jobs.renew_lease(session, claim, LEASE)

    assert kinds(engine, claim.job_id) == ["queued", "running"]


def test_the_longest_lost_lease_comes_first(session: Session) -> None:
    ids = [jobs.submit_job(session, TrainingSpec()).id for _ in range(3)]
    claims = [claimed(session, ids[n], EXPIRED * (n + 1)) for n in range(3)]

    lost = [lease.claim for lease in jobs.find_lost_leases(session)]

    assert lost == [claims[2], claims[1], claims[0]]


def test_a_job_that_was_put_back_is_due_and_held_by_nobody(
    engine: Engine, session: Session, job_id: UUID, queue: FakeQueue
) -> None:
    jobs.dispatch_job(session, queue, job_id, REDELIVERY)
    lost = LostLease(claimed(session, job_id), crashes=0)

    assert jobs.put_back(session, lost, 5, "lease_expired") is JobStatus.QUEUED

    job = look(engine, job_id)
    assert (job.status, job.crashes) == (JobStatus.QUEUED, 1)
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert jobs.find_undelivered(session) == [job_id]
    assert last_event(engine, job.id) == {"reason": "lease_expired"}


def test_a_job_that_keeps_crashing_fails_as_worker_lost(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    for _ in range(3):
        assert crash(session, claimed(session, job_id), max_attempts=3)

    job = look(engine, job_id)
    assert (job.status, job.attempt) == (JobStatus.FAILED, 3)
    assert job.error is not None
    assert (job.error.code, job.error.retryable) == ("worker_lost", True)
    assert job.finished_at is not None
    assert (job.worker_id, job.lease_expires_at) == (None, None)
    assert last_event(engine, job_id) == {"error": job.error.model_dump()}


def test_a_finished_epoch_forgives_the_crashes_before_it(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    crash(session, claimed(session, job_id), max_attempts=2)
    again = claimed(session, job_id)
    jobs.record_epoch(session, again, an_epoch(again))

    crash(session, again, max_attempts=2)

    assert look(engine, job_id).status is JobStatus.QUEUED
    assert look(engine, job_id).crashes == 1


def test_an_epoch_that_came_meanwhile_keeps_the_job_where_it_is(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    crash(session, claimed(session, job_id), max_attempts=2)
    again = claimed(session, job_id, EXPIRED)
    [lost] = jobs.find_lost_leases(session)
    jobs.record_epoch(session, again, an_epoch(again))

    assert jobs.put_back(session, lost, 2, "lease_expired") is None

    assert look(engine, job_id).status is JobStatus.RUNNING
