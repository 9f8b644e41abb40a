"""Attempts at a job, one after another, each stopped where a test wants it."""

from collections.abc import Callable

from app import jobs
from app.database.engine import write_session
from app.jobs import SavedState
from tests.factories import claimed_job
from worker.fenced import FencedWriter


def never() -> bool:
    return False


def after(results: int) -> Callable[[], bool]:
    """Return a stop that is asked once a result, and says yes to that one."""
    answers = iter([False] * (results - 1) + [True])
    return lambda: next(answers)


def next_attempt(writer: FencedWriter) -> FencedWriter:
    claim = claimed_job(writer.engine, writer.claim.job_id, worker_id="b")
    return FencedWriter(writer.engine, writer.doorbell, claim)


def leave_state(writer: FencedWriter, state: SavedState) -> FencedWriter:
    """Let the next attempt go on from a state of the test's own making."""
    with write_session(writer.engine) as session:
        jobs.release_job(session, writer.claim, state)
    return next_attempt(writer)
