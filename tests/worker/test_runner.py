"""An attempt takes a job from where it stands to where it ends."""

import pytest
from sqlalchemy import Engine

from app import jobs
from app.database.engine import read_session
from app.settings import Settings
from app.states import JobStatus, Outcome
from app.vision.checkpoint import decode_checkpoint
from tests.conftest import FakeDoorbell
from tests.factories import (
    event_kinds,
    read_job,
    read_weights,
    running_job,
    settle,
    split_of_bars,
    tiny_spec,
)
from tests.worker.attempts import (
    after,
    assert_same_weights,
    never,
    next_attempt,
    saved_place,
)
from worker.exits import ExitCode
from worker.fenced import FencedWriter
from worker.runner import run_attempt
from worker.training import evaluate


@pytest.mark.usefixtures("dataset")
def test_a_job_succeeds_and_leaves_one_row_of_each_kind_per_epoch(
    writer: FencedWriter, settings: Settings
) -> None:
    job_id = writer.claim.job_id

    assert run_attempt(writer, settings, never) is ExitCode.FINISHED

    job = read_job(writer.engine, job_id)
    with read_session(writer.engine) as session:
        metrics = jobs.list_metrics(session, job_id)
        checkpoints = jobs.list_checkpoints(session, job_id)
    kinds = ["queued", "running", "epoch", "epoch"]
    assert job.status is JobStatus.RUNNING  # until its process is gone
    assert [row.epoch for row in metrics] == [1, 2]
    assert [row.epoch for row in checkpoints] == [1, 2]
    assert event_kinds(writer.engine, job_id) == kinds


@pytest.mark.usefixtures("dataset")
def test_a_dataset_that_is_there_is_not_fetched(
    writer: FencedWriter, settings: Settings
) -> None:
    fetching = settings.model_copy(update={"fetch_datasets": True})

    assert run_attempt(writer, fetching, never) is ExitCode.FINISHED


@pytest.mark.usefixtures("dataset")
def test_the_best_checkpoint_is_measured_on_the_test_images(
    writer: FencedWriter, settings: Settings
) -> None:
    run_attempt(writer, settings, never)

    job = read_job(writer.engine, writer.claim.job_id)
    weights = read_weights(writer.engine, job.id, job.best_epoch or 0)
    network = decode_checkpoint(weights).network
    measured = evaluate(network, split_of_bars(4))
    assert (job.test_loss, job.test_accuracy) == measured


@pytest.mark.usefixtures("dataset")
def test_a_checkpoint_names_its_job_and_network(
    engine: Engine, doorbell: FakeDoorbell, settings: Settings
) -> None:
    request = tiny_spec(epochs=1, dropout_conv=0.125)
    claim = running_job(engine, request)

    run_attempt(FencedWriter(engine, doorbell, claim), settings, never)

    card = decode_checkpoint(read_weights(engine, claim.job_id, 1)).card
    assert card.job_id == str(claim.job_id)
    assert card.epoch == 1
    assert card.class_names == tuple("0123456789")
    assert card.architecture.layers == request.architecture.layers


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("results", "place"),
    [
        pytest.param(1, (1, 1), id="within the first epoch"),
        pytest.param(5, (2, 2), id="after the last step"),
        pytest.param(6, (3, 0), id="after the last epoch"),
    ],
)
def test_a_stopped_job_goes_on_as_if_it_had_not_been(
    writer: FencedWriter, settings: Settings, results: int, place: tuple[int, int]
) -> None:
    whole = FencedWriter(writer.engine, writer.doorbell, running_job(writer.engine))
    run_attempt(whole, settings, never)

    assert run_attempt(writer, settings, after(results)) is ExitCode.RELEASED
    saved_at = saved_place(writer)
    run_attempt(next_attempt(writer), settings, never)

    assert saved_at == place
    assert_same_weights(writer, whole)


@pytest.mark.usefixtures("dataset")
def test_an_attempt_that_was_superseded_writes_nothing(
    writer: FencedWriter, settings: Settings
) -> None:
    run_attempt(writer, settings, after(1))
    next_attempt(writer)
    before = event_kinds(writer.engine, writer.claim.job_id)

    assert run_attempt(writer, settings, never) is ExitCode.FENCED

    with read_session(writer.engine) as session:
        assert jobs.list_metrics(session, writer.claim.job_id) == []
    assert event_kinds(writer.engine, writer.claim.job_id) == before
    assert read_job(writer.engine, writer.claim.job_id).attempt == 2


@pytest.mark.usefixtures("dataset")
def test_an_attempt_that_loses_its_job_in_an_epoch_does_not_record_it(
    writer: FencedWriter, settings: Settings
) -> None:
    def lose_the_job() -> bool:
        settle(writer.engine, writer.claim, Outcome.RELEASED)
        return False

    assert run_attempt(writer, settings, lose_the_job) is ExitCode.FENCED

    job = read_job(writer.engine, writer.claim.job_id)
    assert job.status is JobStatus.QUEUED
    assert job.epoch == 0


@pytest.mark.usefixtures("dataset")
def test_every_write_rings_the_doorbell(
    writer: FencedWriter, settings: Settings, doorbell: FakeDoorbell
) -> None:
    run_attempt(writer, settings, never)

    assert set(doorbell.rung) == {writer.claim.job_id}
    assert len(doorbell.rung) >= 4
