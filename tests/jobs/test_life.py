"""Whatever is asked in whatever order, the record of a job stays consistent."""

from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app import jobs
from app.errors import WrongStatus
from app.jobs import Claim, Lease
from app.states import TERMINAL, Action, JobStatus, Outcome
from tests.jobs.examples import (
    DIVERGED,
    LEASE,
    STATE,
    an_epoch,
    every_row,
    look,
    settle,
)

STEPS = 60
LIVES = 10
MOST_CRASHES = 3
UNHELD = {JobStatus.QUEUED, JobStatus.PAUSED, JobStatus.STOPPING} | TERMINAL

Step = Callable[[], object]


class Life:
    """One job, everything that may happen to it, and the dice."""

    def __init__(self, session: Session, job_id: UUID, seed: int) -> None:
        self.session = session
        self.job_id = job_id
        self.dice = Random(seed)
        self.claims = [Claim(job_id, 0)]

    def ask(self) -> None:
        # A cancel ends the life: rarely, so that most lives are long.
        action = self.dice.choices(list(Action), weights=[3, 1, 5, 9])[0]
        try:
            jobs.request_action(self.session, self.job_id, action)
        except WrongStatus:
            self.session.rollback()

    def claim(self) -> None:
        claim = jobs.claim_next(self.session, Lease("worker-1", LEASE))
        if claim is not None:
            assert claim == Claim(self.job_id, len(self.claims))
            self.claims.append(claim)

    def settle(self) -> None:
        outcome = self.dice.choices(list(Outcome), weights=[1, 1, 9, 5])[0]
        settle(self.session, self.any_claim(), outcome, MOST_CRASHES)

    def write(self) -> None:
        claim = self.any_claim()
        epoch = jobs.get_job(self.session, self.job_id).epoch + 1
        jobs.record_epoch(self.session, claim, an_epoch(claim, epoch))
        jobs.save_state(self.session, claim, STATE)
        jobs.record_error(self.session, claim, DIVERGED)

    def any_claim(self) -> Claim:
        """Return the newest claim, or now and then one that is long over."""
        old = self.dice.random() < 0.2
        return self.dice.choice(self.claims) if old else self.claims[-1]

    def go_on(self) -> None:
        steps: list[Step] = [self.ask, self.claim, self.settle, self.write]
        self.dice.choice(steps)()


def demand_consistency(engine: Engine, session: Session, life: Life) -> None:
    job = look(engine, life.job_id)
    events = jobs.list_events(session, job.id, after=0)
    history = jobs.status_history(session, job.id)
    session.rollback()

    assert [event.number for event in events] == list(range(1, job.event_count + 1))
    assert job.attempt == len(life.claims) - 1
    assert history[-1].status is job.status
    assert not any(change.status.is_terminal for change in history[:-1])
    epochs = [event.data["epoch"] for event in events if event.kind == "epoch"]
    assert epochs == list(range(1, job.epoch + 1))
    assert (job.lease_expires_at is None) == (job.worker_id is None)
    if job.lease_expires_at is None:
        assert job.status in UNHELD
    else:
        assert job.status in set(JobStatus) - TERMINAL - {"queued", "paused"}
    assert (job.finished_at is not None) == job.is_terminal
    assert not job.is_terminal or history[-1].status.value == events[-1].kind
    assert job.crashes <= MOST_CRASHES


@pytest.mark.parametrize("seed", range(LIVES))
def test_a_random_life_leaves_a_record_without_a_lie(
    engine: Engine, session: Session, job_id: UUID, seed: int
) -> None:
    life = Life(session, job_id, seed)
    over = None
    for _ in range(STEPS):
        life.go_on()
        demand_consistency(engine, session, life)
        if over is not None:
            assert every_row(engine) == over
        elif look(engine, job_id).is_terminal:
            over = every_row(engine)
