"""An attempt that is told to stop looks why, and leaves as the client asked."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from app.models import EpochMetrics
from app.settings import Settings
from app.states import Action, JobStatus, Outcome
from tests.factories import ask, event_kinds, read_job, running_job, settle
from tests.worker.attempts import (
    after,
    assert_same_weights,
    claim_again,
    never,
    saved_place,
)
from worker.exits import ExitCode
from worker.fenced import FencedWriter
from worker.runner import run_attempt

pytestmark = pytest.mark.usefixtures("dataset")


def asked(writer: FencedWriter, action: Action, results: int) -> Callable[[], bool]:
    """Return a stop that comes with an action after that many results."""
    reached = after(results)

    def stop() -> bool:
        if not reached():
            return False
        ask(writer.engine, writer.claim.job_id, action)
        return True

    return stop


def metrics_of(writer: FencedWriter) -> list[EpochMetrics]:
    with read_session(writer.engine) as session:
        return jobs.list_metrics(session, writer.claim.job_id)


def checkpoints_of(writer: FencedWriter) -> list[int]:
    with read_session(writer.engine) as session:
        found = jobs.list_checkpoints(session, writer.claim.job_id)
    return [checkpoint.epoch for checkpoint in found]


def has_state(engine: Engine, writer: FencedWriter) -> bool:
    with read_session(engine) as session:
        return jobs.read_training_state(session, writer.claim.job_id) is not None


def test_a_stop_in_the_first_epoch_closes_it_where_it_stands_and_tests_it(
    writer: FencedWriter, settings: Settings
) -> None:
    stop = asked(writer, Action.STOP, results=1)

    assert run_attempt(writer, settings, stop) is ExitCode.FINISHED

    job = read_job(writer.engine, writer.claim.job_id)
    [metrics] = metrics_of(writer)
    assert checkpoints_of(writer) == [1]
    assert (job.status, job.epoch, job.best_epoch) == (JobStatus.STOPPING, 1, 1)
    assert job.test_accuracy is not None
    assert metrics.train_accuracy in {0, 0.25, 0.5, 0.75, 1}  # of its one batch


@pytest.mark.parametrize("results", [3, 4, 5])
def test_a_stop_after_an_epoch_keeps_the_epochs_that_ended(
    writer: FencedWriter, settings: Settings, results: int
) -> None:
    stop = asked(writer, Action.STOP, results)

    assert run_attempt(writer, settings, stop) is ExitCode.FINISHED

    assert checkpoints_of(writer) == [1]
    assert read_job(writer.engine, writer.claim.job_id).test_accuracy is not None


@pytest.mark.parametrize("results", [1, 2, 3, 4])
def test_a_paused_job_resumed_is_the_job_that_was_never_paused(
    writer: FencedWriter, settings: Settings, results: int
) -> None:
    whole = FencedWriter(writer.engine, writer.doorbell, running_job(writer.engine))
    run_attempt(whole, settings, never)

    stop = asked(writer, Action.PAUSE, results)
    assert run_attempt(writer, settings, stop) is ExitCode.RELEASED
    status = settle(writer.engine, writer.claim, Outcome.RELEASED)
    ask(writer.engine, writer.claim.job_id, Action.RESUME)
    assert run_attempt(claim_again(writer), settings, never) is ExitCode.FINISHED

    assert status is JobStatus.PAUSED
    assert_same_weights(writer, whole)


def test_a_cancelled_attempt_writes_nothing_more(
    writer: FencedWriter, settings: Settings
) -> None:
    stop = asked(writer, Action.CANCEL, results=2)

    assert run_attempt(writer, settings, stop) is ExitCode.FENCED

    kinds = event_kinds(writer.engine, writer.claim.job_id)
    assert kinds == ["queued", "running", "cancelling"]
    assert checkpoints_of(writer) == []
    assert not has_state(writer.engine, writer)


def test_a_cancel_after_an_epoch_keeps_its_checkpoint(
    writer: FencedWriter, settings: Settings
) -> None:
    stop = asked(writer, Action.CANCEL, results=4)

    assert run_attempt(writer, settings, stop) is ExitCode.FENCED

    assert checkpoints_of(writer) == [1]
    assert saved_place(writer) == (2, 0)
    assert read_job(writer.engine, writer.claim.job_id).test_accuracy is None


def stopped_while_paused(
    writer: FencedWriter, settings: Settings, results: int
) -> FencedWriter:
    """Pause after that many results, stop the paused job, and claim it again."""
    run_attempt(writer, settings, asked(writer, Action.PAUSE, results))
    settle(writer.engine, writer.claim, Outcome.RELEASED)
    ask(writer.engine, writer.claim.job_id, Action.STOP)
    return claim_again(writer)


def test_a_job_stopped_while_paused_is_only_tested(
    writer: FencedWriter, settings: Settings
) -> None:
    again = stopped_while_paused(writer, settings, results=4)

    assert run_attempt(again, settings, never) is ExitCode.FINISHED

    job = read_job(writer.engine, writer.claim.job_id)
    assert (job.status, job.epoch) == (JobStatus.STOPPING, 1)
    assert job.test_accuracy is not None


def test_a_job_stopped_while_paused_in_its_first_epoch_gets_a_result(
    writer: FencedWriter, settings: Settings
) -> None:
    again = stopped_while_paused(writer, settings, results=1)

    assert run_attempt(again, settings, after(1)) is ExitCode.FINISHED

    assert checkpoints_of(writer) == [1]
    assert read_job(writer.engine, writer.claim.job_id).test_accuracy is not None
