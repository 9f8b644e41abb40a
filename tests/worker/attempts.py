"""Attempts at a job, one after another, each stopped where a test wants it."""

from collections.abc import Callable

import safetensors.torch
import torch
from sqlmodel import col, select

from app import jobs
from app.database.engine import read_session, write_session
from app.jobs import SavedState
from app.models import TrainingState
from app.states import Outcome
from tests.factories import claimed_job, read_weights, settle
from worker.fenced import FencedWriter


def never() -> bool:
    return False


def after(results: int) -> Callable[[], bool]:
    """Return a stop that is asked once a result, and says yes to that one."""
    answers = iter([False] * (results - 1) + [True])
    return lambda: next(answers)


def next_attempt(writer: FencedWriter) -> FencedWriter:
    """Put the job back as if this attempt's child had left, and take it again."""
    settle(writer.engine, writer.claim, Outcome.RELEASED)
    return claim_again(writer)


def claim_again(writer: FencedWriter) -> FencedWriter:
    claim = claimed_job(writer.engine, writer.claim.job_id, worker_id="b")
    return FencedWriter(writer.engine, writer.doorbell, claim)


def leave_state(writer: FencedWriter, state: SavedState) -> FencedWriter:
    """Let the next attempt go on from a state of the test's own making."""
    with write_session(writer.engine) as session:
        jobs.save_state(session, writer.claim, state)
    return next_attempt(writer)


def saved_place(writer: FencedWriter) -> tuple[int, int]:
    """Return the epoch and step of the job's saved state."""
    of_job = col(TrainingState.job_id) == writer.claim.job_id
    with read_session(writer.engine) as session:
        state = session.exec(select(TrainingState).where(of_job)).one()
    return state.epoch, state.step


def assert_same_weights(
    writer: FencedWriter, whole: FencedWriter, epochs: tuple[int, ...] = (1, 2)
) -> None:
    """Compare both jobs' checkpoints, bit for bit."""
    for epoch in epochs:
        weights, others = (
            safetensors.torch.load(read_weights(writer.engine, job_id, epoch))
            for job_id in (writer.claim.job_id, whole.claim.job_id)
        )
        assert weights.keys() == others.keys()
        assert all(torch.equal(weights[name], others[name]) for name in others)
