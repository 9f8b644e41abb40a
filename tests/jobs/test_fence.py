"""An attempt that is no longer current writes nothing at all."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.database.engine import write_session
from app.jobs import Claim
from app.spec import TrainingSpec
from tests.jobs.examples import (
    DIVERGED,
    LEASE,
    PROGRESS,
    STATE,
    an_epoch,
    claimed,
    crash,
    every_row,
)

Write = Callable[[Session, Claim], bool]


def record_epoch(session: Session, claim: Claim) -> bool:
    return jobs.record_epoch(session, claim, an_epoch(claim))


WRITES: dict[str, Write] = {
    "renew": partial(jobs.renew_lease, lease=LEASE),
    "progress": partial(jobs.record_progress, progress=PROGRESS),
    "epoch": record_epoch,
    "release": partial(jobs.release_job, state=STATE),
    "finish": partial(jobs.finish_job, test_loss=0.1, test_accuracy=0.99),
    "fail": partial(jobs.fail_job, error=DIVERGED),
    "put back": crash,
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))


@every_write
def test_the_attempt_that_holds_the_job_may_write(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    before = every_row(engine)

    assert write(session, claim)

    assert every_row(engine) != before


@every_write
def test_an_attempt_that_was_succeeded_by_another_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    crash(session, claim)
    claimed(session, claim.job_id)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
def test_an_attempt_that_gave_the_job_back_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    jobs.release_job(session, claim, STATE)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
@pytest.mark.parametrize("ending", ["finish", "fail"])
def test_nothing_is_written_to_a_job_that_is_over(
    engine: Engine, session: Session, claim: Claim, write: Write, ending: str
) -> None:
    WRITES[ending](session, claim)
    before = every_row(engine)

    assert not write(session, claim)

    assert every_row(engine) == before


@every_write
def test_a_claim_of_another_job_writes_nothing(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    other = jobs.submit_job(session, TrainingSpec())
    before = every_row(engine)

    assert not write(session, Claim(other.id, claim.attempt))

    assert every_row(engine) == before


@every_write
def test_a_refused_write_holds_no_lock(
    engine: Engine, session: Session, claim: Claim, write: Write
) -> None:
    write(session, Claim(claim.job_id, claim.attempt + 1))

    assert not session.in_transaction()
    with write_session(engine) as other:
        assert jobs.renew_lease(other, claim, LEASE)
