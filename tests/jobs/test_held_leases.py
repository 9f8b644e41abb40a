"""A lease that is held is listed as it stands, and every renewal changes it."""

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim
from app.spec import JobRequest
from app.states import Action
from tests.jobs.examples import EXPIRED, LEASE, claimed, kinds, release


def test_a_renewed_lease_is_another_one(session: Session, claim: Claim) -> None:
    [before] = jobs.list_held_leases(session)

    assert jobs.renew_lease(session, claim, LEASE)

    [after] = jobs.list_held_leases(session)
    assert after.claim == before.claim == claim
    assert after.expires_at > before.expires_at


def test_a_lease_that_nobody_renews_stays_the_same(
    session: Session, claim: Claim
) -> None:
    assert jobs.list_held_leases(session) == jobs.list_held_leases(session)


def test_a_renewal_is_no_news(engine: Engine, session: Session, claim: Claim) -> None:
    jobs.renew_lease(session, claim, LEASE)

    assert kinds(engine, claim.job_id) == ["queued", "running"]


@pytest.mark.parametrize("action", [None, Action.PAUSE, Action.STOP, Action.CANCEL])
def test_the_lease_of_every_held_job_is_listed(
    session: Session, job_id: UUID, action: Action | None
) -> None:
    claim = claimed(session, job_id)
    if action is not None:
        jobs.request_action(session, job_id, action)

    assert [lease.claim for lease in jobs.list_held_leases(session)] == [claim]


def test_a_job_that_nobody_holds_has_no_lease(session: Session, claim: Claim) -> None:
    release(session, claim)

    assert jobs.list_held_leases(session) == []


def test_the_longest_unrenewed_lease_comes_first(session: Session) -> None:
    ids = [jobs.submit_job(session, JobRequest()).id for _ in range(3)]
    claims = [claimed(session, ids[n], EXPIRED * (n + 1)) for n in range(3)]

    listed = [lease.claim for lease in jobs.list_held_leases(session)]
    assert listed == [claims[2], claims[1], claims[0]]
