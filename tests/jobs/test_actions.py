"""Every action in every status: granted along the table, repeated, or refused."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.errors import JobNotFound, WrongStatus
from app.models import now
from app.states import ALREADY, MOVES, Action, JobStatus, Outcome, StopReason
from tests.jobs.examples import (
    claimed,
    every_row,
    kinds,
    last_event,
    look,
    release,
    settle,
)

Reach = Callable[[Session, UUID], None]
Cell = tuple[JobStatus, bool, Action]


def asked(*actions: Action, held: bool) -> Reach:
    """Return a way to a status: a first attempt, perhaps given back, then actions."""

    def reach(session: Session, job_id: UUID) -> None:
        claim = claimed(session, job_id)
        if not held:
            release(session, claim)
        for action in actions:
            jobs.request_action(session, job_id, action)

    return reach


def ended(outcome: Outcome) -> Reach:
    def reach(session: Session, job_id: UUID) -> None:
        settle(session, claimed(session, job_id), outcome)

    return reach


# How a job that was begun comes to each status, held by a worker or not.
PLACES: dict[tuple[JobStatus, bool], Reach] = {
    (JobStatus.QUEUED, False): asked(held=False),
    (JobStatus.RUNNING, True): asked(held=True),
    (JobStatus.PAUSING, True): asked(Action.PAUSE, held=True),
    (JobStatus.PAUSED, False): asked(Action.PAUSE, held=False),
    (JobStatus.STOPPING, True): asked(Action.STOP, held=True),
    (JobStatus.STOPPING, False): asked(Action.STOP, held=False),
    (JobStatus.CANCELLING, True): asked(Action.CANCEL, held=True),
    (JobStatus.SUCCEEDED, False): ended(Outcome.FINISHED),
    (JobStatus.FAILED, False): ended(Outcome.FAILED),
    (JobStatus.CANCELLED, False): asked(Action.CANCEL, held=False),
}
GRANTED = {
    (move.source, move.held, action): move.target
    for action, moves in MOVES.items()
    for move in moves
}
CELLS = [(*place, action) for place in PLACES for action in Action]
REPEATED = [
    cell for cell in CELLS if cell not in GRANTED and cell[0] in ALREADY[cell[2]]
]
REFUSED = [cell for cell in CELLS if cell not in GRANTED and cell not in REPEATED]


def reach(session: Session, job_id: UUID, cell: Cell) -> Action:
    """Bring the job to the place of the cell; return the action to try there."""
    status, held, action = cell
    PLACES[status, held](session, job_id)
    return action


def test_every_cell_of_the_table_is_tried() -> None:
    assert set(GRANTED) <= set(CELLS)
    assert {status for status, _ in PLACES} == set(JobStatus)
    assert (len(GRANTED), len(REPEATED), len(REFUSED)) == (13, 8, 19)


@pytest.mark.parametrize("cell", GRANTED)
def test_an_action_in_the_table_is_granted(
    engine: Engine,
    session: Session,
    job_id: UUID,
    cell: Cell,
) -> None:
    action = reach(session, job_id, cell)
    before, target = look(engine, job_id), GRANTED[cell]

    job = jobs.request_action(session, job_id, action)

    assert job.status is target
    assert look(engine, job_id) == job
    assert job.lease_expires_at == before.lease_expires_at
    assert (job.finished_at is not None) is target.is_terminal
    cancelled = StopReason.CANCELLED_BY_USER if target.is_terminal else None
    assert job.stop_reason is cancelled
    assert kinds(engine, job_id)[-1] == target
    assert last_event(engine, job_id) == {"requested": action}


@pytest.mark.parametrize("cell", REPEATED)
def test_an_action_that_was_granted_before_changes_nothing(
    engine: Engine,
    session: Session,
    job_id: UUID,
    cell: Cell,
) -> None:
    action = reach(session, job_id, cell)
    before = every_row(engine)

    assert jobs.request_action(session, job_id, action).status is cell[0]

    assert every_row(engine) == before


@pytest.mark.parametrize("cell", REFUSED)
def test_any_other_action_is_refused_by_the_name_of_the_status(
    engine: Engine,
    session: Session,
    job_id: UUID,
    cell: Cell,
) -> None:
    action = reach(session, job_id, cell)
    before = every_row(engine)

    with pytest.raises(WrongStatus, match=f"A job that is {cell[0]} cannot {action}."):
        jobs.request_action(session, job_id, action)

    assert every_row(engine) == before
    assert not session.in_transaction()


@pytest.mark.parametrize("before", [[], [Action.PAUSE]])
def test_a_job_that_never_started_cannot_be_stopped(
    session: Session, job_id: UUID, before: list[Action]
) -> None:
    for action in before:
        jobs.request_action(session, job_id, action)

    with pytest.raises(WrongStatus, match="has not started, so there is nothing"):
        jobs.request_action(session, job_id, Action.STOP)


def test_a_job_that_was_stopped_may_be_stopped_again(
    session: Session, job_id: UUID
) -> None:
    claim = claimed(session, job_id)
    jobs.request_action(session, job_id, Action.STOP)
    settle(session, claim, Outcome.FINISHED)

    job = jobs.request_action(session, job_id, Action.STOP)

    assert (job.status, job.stop_reason) == ("succeeded", "stopped_by_user")


@pytest.mark.parametrize("action", [Action.STOP, Action.RESUME])
def test_a_job_that_a_worker_should_take_is_due(
    session: Session, job_id: UUID, action: Action
) -> None:
    release(session, claimed(session, job_id))
    jobs.request_action(session, job_id, Action.PAUSE)
    assert jobs.find_undelivered(session) == []
    before = now()

    jobs.request_action(session, job_id, action)

    assert jobs.find_undelivered(session) == [job_id]
    assert jobs.get_job(session, job_id).dispatch_at >= before


@pytest.mark.parametrize("action", Action)
def test_an_unknown_job_takes_no_action(session: Session, action: Action) -> None:
    with pytest.raises(JobNotFound):
        jobs.request_action(session, uuid4(), action)
