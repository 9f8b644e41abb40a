"""Checkpoints of all jobs fit a budget, if finished jobs have any to spare."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.jobs import Claim
from app.jobs.budget import FREED_AT_ONCE
from tests.jobs.examples import an_epoch, claimed, fail, finish, submit

SIZE = 1000
BEST = 2


def trained(session: Session, engine: Engine, epochs: int = 3) -> Claim:
    """Train a job whose second epoch is its best; each checkpoint has SIZE bytes."""
    claim = claimed(session, submit(engine))
    for epoch in range(1, epochs + 1):
        record = an_epoch(claim, epoch, is_best=epoch <= BEST)
        jobs.record_epoch(session, claim, replace(record, weights=bytes(SIZE)))
    return claim


def kept(session: Session, claim: Claim) -> list[int]:
    return [found.epoch for found in jobs.list_checkpoints(session, claim.job_id)]


def test_within_the_budget_nothing_is_freed(engine: Engine, session: Session) -> None:
    claim = trained(session, engine)
    finish(session, claim)

    assert jobs.enforce_budget(session, 3 * SIZE) == []
    assert not session.in_transaction()

    assert kept(session, claim) == [1, 2, 3]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (6 * SIZE - 1, ([2, 3], [1, 2, 3])),
        (5 * SIZE, ([2, 3], [1, 2, 3])),
        (4 * SIZE, ([2], [1, 2, 3])),
        (3 * SIZE, ([2], [2, 3])),
        (2 * SIZE, ([2], [2])),
        (0, ([2], [2])),
    ],
)
def test_the_job_that_finished_first_is_freed_first_but_for_its_best(
    engine: Engine,
    session: Session,
    budget: int,
    expected: tuple[list[int], list[int]],
) -> None:
    younger, older = trained(session, engine), trained(session, engine)
    fail(session, older)
    finish(session, younger)

    freed = jobs.enforce_budget(session, budget)

    assert (kept(session, older), kept(session, younger)) == expected
    assert len(freed) == 6 - sum(map(len, expected))


def test_the_best_of_a_freed_job_can_still_be_read(
    engine: Engine, session: Session
) -> None:
    claim = trained(session, engine)
    finish(session, claim)

    jobs.enforce_budget(session, 0)

    best = jobs.best_checkpoint(session, claim.job_id)
    assert best.epoch == BEST
    assert jobs.read_weights(session, best.id) == bytes(SIZE)


def test_a_job_that_has_not_finished_keeps_everything(
    engine: Engine, session: Session
) -> None:
    claim = trained(session, engine)

    assert jobs.enforce_budget(session, 0) == []

    assert kept(session, claim) == [1, 2, 3]


def test_a_pass_frees_a_bounded_number(engine: Engine, session: Session) -> None:
    claim = trained(session, engine, epochs=FREED_AT_ONCE + 5)
    finish(session, claim)

    assert len(jobs.enforce_budget(session, 0)) == FREED_AT_ONCE
    assert len(jobs.enforce_budget(session, 0)) == 4


def test_what_no_budget_can_free_is_counted(engine: Engine, session: Session) -> None:
    finish(session, trained(session, engine))
    trained(session, engine)

    assert jobs.kept_bytes(session) == (1 + 3) * SIZE


def test_where_nothing_is_kept_nothing_is_counted(session: Session) -> None:
    assert jobs.kept_bytes(session) == 0


def test_two_that_enforce_it_in_turn_free_no_more_than_one(
    engine: Engine, session: Session
) -> None:
    claim = trained(session, engine)
    finish(session, claim)

    jobs.enforce_budget(session, 2 * SIZE)
    freed: list[UUID] = [row.id for row in jobs.enforce_budget(session, 2 * SIZE)]

    assert freed == []
    assert kept(session, claim) == [2, 3]
