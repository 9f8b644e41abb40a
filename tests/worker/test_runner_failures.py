"""An attempt that fails says why; one that lost its job says nothing."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app import jobs
from app.database.engine import open_database, read_session
from app.jobs import Claim, SavedState
from app.settings import Settings
from app.states import JobStatus
from tests.conftest import FakeDoorbell
from tests.factories import (
    read_job,
    running_job,
    tiny_spec,
    write_dataset,
)
from tests.worker.attempts import after, leave_state, never, next_attempt
from worker.exits import ExitCode
from worker.fenced import FencedWriter
from worker.run import start_run
from worker.runner import run_attempt
from worker.state import restore_run, save_run


def test_without_a_dataset_the_job_fails_and_says_what_to_do(
    writer: FencedWriter, settings: Settings
) -> None:
    assert run_attempt(writer, settings, never) is ExitCode.FAILED

    job = read_job(writer.engine, writer.claim.job_id)
    assert job.status is JobStatus.RUNNING  # until its process is gone
    assert job.error is not None
    assert job.error.code == "dataset_unavailable"
    assert "modelmill data fetch mnist" in job.error.hint
    assert job.error.retryable


def test_the_hint_names_the_dataset_of_the_job(
    engine: Engine, doorbell: FakeDoorbell, settings: Settings
) -> None:
    claim = running_job(engine, tiny_spec(dataset="fashion-mnist"))

    run_attempt(FencedWriter(engine, doorbell, claim), settings, never)

    error = read_job(engine, claim.job_id).error
    assert error is not None
    assert "modelmill data fetch fashion-mnist" in error.hint


def test_a_dataset_too_small_for_the_spec_fails_the_job(
    writer: FencedWriter, settings: Settings
) -> None:
    write_dataset(settings.data_dir, train=7)

    run_attempt(writer, settings, never)

    error = read_job(writer.engine, writer.claim.job_id).error
    assert error is not None
    assert error.code == "dataset_unavailable"
    assert "7 training images" in error.message


def with_huge_weights(engine: Engine, claim: Claim) -> SavedState:
    """Return the job's state after epoch 1 as a step that was too long leaves it."""
    run = start_run(tiny_spec())
    with read_session(engine) as session:
        restore_run(run, jobs.read_training_state(session, claim.job_id) or b"")
    for weight in run.network.parameters():
        weight.data *= 1e30
    return SavedState(2, 0, save_run(run))


@pytest.mark.usefixtures("dataset")
def test_a_job_that_diverges_fails_and_keeps_its_checkpoints(
    writer: FencedWriter, settings: Settings
) -> None:
    run_attempt(writer, settings, after(3))
    state = with_huge_weights(writer.engine, writer.claim)
    diverging = leave_state(next_attempt(writer), state)

    assert run_attempt(diverging, settings, never) is ExitCode.FAILED

    job = read_job(writer.engine, writer.claim.job_id)
    assert job.error is not None
    assert job.error.code == "diverged_non_finite"
    assert "epoch 2" in job.error.message
    with read_session(writer.engine) as session:
        assert jobs.best_checkpoint(session, job.id).epoch == 1
        assert len(jobs.list_checkpoints(session, job.id)) == 1


@pytest.mark.usefixtures("dataset")
def test_a_fault_of_our_own_fails_the_job_and_is_logged(
    writer: FencedWriter, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = leave_state(writer, SavedState(1, 1, b"no safetensors"))

    assert run_attempt(broken, settings, never) is ExitCode.FAILED

    assert "Traceback" in caplog.text
    error = read_job(writer.engine, writer.claim.job_id).error
    assert error is not None
    assert error.code == "internal_error"
    assert error.message.startswith("SafetensorError: ")


@pytest.mark.usefixtures("dataset")
def test_a_fault_of_a_superseded_attempt_is_not_the_job_s(
    writer: FencedWriter, settings: Settings
) -> None:
    leave_state(writer, SavedState(1, 1, b"no safetensors"))

    assert run_attempt(writer, settings, never) is ExitCode.FENCED

    assert read_job(writer.engine, writer.claim.job_id).status is JobStatus.RUNNING


def test_a_dataset_that_a_superseded_attempt_misses_is_not_the_job_s(
    writer: FencedWriter, settings: Settings
) -> None:
    leave_state(writer, SavedState(1, 0, b""))

    assert run_attempt(writer, settings, never) is ExitCode.FENCED

    assert read_job(writer.engine, writer.claim.job_id).status is JobStatus.RUNNING


@pytest.mark.usefixtures("dataset")
def test_a_database_that_is_away_does_not_fail_the_job(
    writer: FencedWriter, settings: Settings
) -> None:
    elsewhere = open_database(f"sqlite:///{settings.data_dir / 'no' / 'such.sqlite3'}")
    lost = FencedWriter(elsewhere, writer.doorbell, writer.claim)

    with pytest.raises(OperationalError):
        run_attempt(lost, settings, never)

    job = read_job(writer.engine, writer.claim.job_id)
    assert (job.status, job.error) == (JobStatus.RUNNING, None)


@pytest.mark.usefixtures("dataset")
def test_a_write_that_the_database_refuses_does_not_fail_the_job(
    writer: FencedWriter, settings: Settings
) -> None:
    with writer.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE epoch_metrics")

    with pytest.raises(OperationalError, match="epoch_metrics"):
        run_attempt(writer, settings, never)

    job = read_job(writer.engine, writer.claim.job_id)
    assert (job.status, job.error) == (JobStatus.RUNNING, None)
    assert job.epoch == 0
