"""What an attempt keeps: states within epochs, chosen checkpoints, last words."""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from app import jobs
from app.database.disk import RESERVE_NAME, keep_reserve
from app.database.engine import read_session
from app.models import JobError
from app.settings import Settings
from app.states import Outcome
from tests.conftest import FakeDoorbell
from tests.factories import read_job, running_job, settle, tiny_spec
from tests.worker.attempts import (
    assert_same_weights,
    claim_again,
    never,
    saved_place,
)
from worker.exits import ExitCode
from worker.fenced import FencedWriter
from worker.runner import run_attempt

pytestmark = pytest.mark.usefixtures("dataset")

NO_TIME = 1e-9  # has passed at every step


class Crash(BaseException):
    """Ends an attempt as a signal would: nothing catches it."""


def crash_after(results: int) -> Any:
    left = iter(range(results - 1))

    def stop() -> bool:
        if next(left, None) is None:
            raise Crash
        return False

    return stop


def error_of(writer: FencedWriter) -> JobError:
    error = read_job(writer.engine, writer.claim.job_id).error
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("interval", "results", "place"),
    [
        pytest.param(NO_TIME, 1, (1, 1), id="in the first epoch"),
        pytest.param(NO_TIME, 5, (2, 2), id="in the second"),
        pytest.param(86_400.0, 5, (2, 0), id="after a whole epoch"),
    ],
)
def test_a_job_that_crashes_goes_on_exactly_from_its_last_save(
    writer: FencedWriter,
    settings: Settings,
    interval: float,
    results: int,
    place: tuple[int, int],
) -> None:
    whole, engine = writer, writer.engine
    run_attempt(whole, settings, never)
    spec = tiny_spec(checkpoint_interval_seconds=interval)
    writer = FencedWriter(engine, whole.doorbell, running_job(engine, spec))

    with pytest.raises(Crash):
        run_attempt(writer, settings, crash_after(results))
    saved_at = saved_place(writer)
    settle(engine, writer.claim, Outcome.LOST)
    run_attempt(claim_again(writer), settings, never)

    assert saved_at == place
    assert_same_weights(writer, whole)


@pytest.mark.parametrize(
    ("policy", "always"), [("every", {1, 2, 3}), ("best_and_last", {3}), (2, {2, 3})]
)
def test_only_the_checkpoints_that_the_spec_keeps_are_kept(
    engine: Engine,
    doorbell: FakeDoorbell,
    settings: Settings,
    policy: object,
    always: set[int],
) -> None:
    claim = running_job(engine, tiny_spec(epochs=3, checkpoints=policy))

    run_attempt(FencedWriter(engine, doorbell, claim), settings, never)

    job = read_job(engine, claim.job_id)
    with read_session(engine) as session:
        kept = {row.epoch for row in jobs.list_checkpoints(session, job.id)}
    assert kept == always | {job.best_epoch}


def fill_the_disk(engine: Engine, spare_pages: int = 40) -> None:
    """Let the file grow by a third of a megabyte: words, but no checkpoint."""
    with engine.connect() as connection:
        count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: Any, *_details: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {count + spare_pages}")

    event.listen(engine, "checkout", limit)


def test_a_full_disk_fails_the_job_and_keeps_what_was_committed(
    writer: FencedWriter, settings: Settings
) -> None:
    assert keep_reserve(settings.data_dir)
    fill_the_disk(writer.engine)

    assert run_attempt(writer, settings, never) is ExitCode.FAILED

    error = error_of(writer)
    assert (error.code, error.retryable) == ("disk_full", True)
    assert not (settings.data_dir / RESERVE_NAME).exists()
    assert read_job(writer.engine, writer.claim.job_id).epoch == 0
    with read_session(writer.engine) as session:
        assert jobs.list_metrics(session, writer.claim.job_id) == []


def test_a_training_that_needs_too_much_memory_says_so(
    writer: FencedWriter, settings: Settings
) -> None:
    def run_out() -> bool:
        raise MemoryError("no 8 GiB")

    assert run_attempt(writer, settings, run_out) is ExitCode.FAILED

    error = error_of(writer)
    assert (error.code, error.param) == ("out_of_memory", "batch_size")
    assert "no 8 GiB" in error.message
    assert not error.retryable
