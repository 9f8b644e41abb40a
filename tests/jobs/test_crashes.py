"""A job whose process dies is tried again, within reason, and then says what died."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim, Ending
from app.states import Action, ErrorCode, JobStatus, Outcome
from tests.jobs.examples import (
    DIVERGED,
    EXPIRED,
    an_epoch,
    claimed,
    crash,
    kinds,
    last_event,
    look,
    release,
    settle,
)

TWICE = 2


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("exit status -9", ErrorCode.PROCESS_CRASHED),
        ("lease_expired", ErrorCode.WORKER_LOST),
    ],
)
def test_a_job_that_keeps_dying_fails_and_names_what_died(
    engine: Engine, session: Session, job_id: UUID, reason: str, code: ErrorCode
) -> None:
    ending = Ending(Outcome.LOST, reason, 3)
    settled = [
        jobs.settle_job(session, claimed(session, job_id, EXPIRED), ending)
        for _ in range(3)
    ]

    assert settled == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    job = look(engine, job_id)
    assert (job.attempt, job.crashes, job.worker_id) == (3, 3, None)
    assert job.error is not None
    assert (job.error.code, job.error.retryable) == (code, True)
    assert job.error.message == (
        "The training process died 3 times without finishing an epoch; "
        f"the last time: {reason}."
    )
    told = {"reason": reason, "error": job.error.model_dump()}
    assert last_event(engine, job_id) == told


def test_a_lease_that_was_renewed_after_all_is_not_taken_away(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    late = claimed(session, job_id)
    [seen] = jobs.list_held_leases(session)
    jobs.renew_lease(session, late, timedelta(minutes=1))

    ending = Ending(Outcome.LOST, jobs.LEASE_EXPIRED, 3)
    settled = jobs.settle_job(session, late, ending, unrenewed=seen.expires_at)

    assert settled is None
    assert look(engine, job_id).status is JobStatus.RUNNING


def test_the_last_words_of_the_process_stand_in_the_error(
    engine: Engine, session: Session, claim: Claim
) -> None:
    ending = Ending(Outcome.LOST, "exit status 1", 1, ("Traceback", "RuntimeError"))

    jobs.settle_job(session, claim, ending)

    error = look(engine, claim.job_id).error
    assert error is not None
    assert error.message.endswith(" It said last:\nTraceback\nRuntimeError")


def test_a_finished_epoch_forgives_the_crashes_before_it(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    crash(session, claimed(session, job_id), TWICE)
    again = claimed(session, job_id)
    jobs.record_epoch(session, again, an_epoch(again))

    assert crash(session, again, TWICE) is JobStatus.QUEUED

    assert look(engine, job_id).crashes == 1
    assert crash(session, claimed(session, job_id), TWICE) is JobStatus.FAILED


def test_a_release_is_no_crash_and_forgives_none(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    crash(session, claimed(session, job_id), TWICE)
    release(session, claimed(session, job_id))

    assert look(engine, job_id).crashes == 1
    assert crash(session, claimed(session, job_id), TWICE) is JobStatus.FAILED


def test_an_error_that_was_stored_does_not_outlive_the_attempt(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.record_error(session, claim, DIVERGED)
    crash(session, claim)

    claimed(session, claim.job_id)

    assert look(engine, claim.job_id).error is None


def test_a_stopping_job_that_keeps_dying_fails_too(
    engine: Engine, session: Session, claim: Claim
) -> None:
    jobs.request_action(session, claim.job_id, Action.STOP)

    assert crash(session, claim, TWICE) is JobStatus.STOPPING
    assert crash(session, claimed(session, claim.job_id), TWICE) is JobStatus.FAILED


def test_a_lease_that_is_settled_by_two_is_counted_once(
    engine: Engine, session: Session, job_id: UUID
) -> None:
    claim = claimed(session, job_id, EXPIRED)

    assert crash(session, claim) is JobStatus.QUEUED
    assert crash(session, claim) is None

    assert look(engine, job_id).crashes == 1
    assert kinds(engine, job_id) == ["queued", "running", "requeued"]


def test_a_life_is_told_from_its_beginning_to_its_end(
    engine: Engine, session: Session, claim: Claim
) -> None:
    crash(session, claim)
    again = claimed(session, claim.job_id)
    jobs.record_epoch(session, again, an_epoch(again))
    settle(session, again, Outcome.FINISHED)

    told = ["queued", "running", "requeued", "running", "epoch", "succeeded"]
    assert kinds(engine, claim.job_id) == told
    history = jobs.status_history(session, claim.job_id)
    assert [(one.status, one.reason, one.worker_id) for one in history] == [
        (JobStatus.QUEUED, None, None),
        (JobStatus.RUNNING, None, "worker-1"),
        (JobStatus.QUEUED, "lost", None),
        (JobStatus.RUNNING, None, "worker-1"),
        (JobStatus.SUCCEEDED, "finished", None),
    ]
    assert [one.attempt for one in history] == [0, 1, 1, 2, 2]
