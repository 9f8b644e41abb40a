"""Results become rows, and the best epoch is chosen by what the user sees."""

import math
from dataclasses import replace

import pytest

from app import jobs
from app.database.engine import read_session
from app.models import Job
from tests.factories import DIGITS, read_job, tiny_spec
from tests.worker.attempts import next_attempt
from worker.exits import ExitCode
from worker.fenced import AttemptOver, FencedWriter
from worker.progress import ProgressMeter
from worker.recorder import Recorder
from worker.run import start_run
from worker.training import EpochResult, StepResult

SPEC = tiny_spec()


def make_recorder(writer: FencedWriter, **spec: object) -> Recorder:
    """Return a recorder for the job as it stands, with a clock that runs evenly."""
    clock = iter(range(1000))
    meter = ProgressMeter(SPEC, lambda: next(clock), interval_seconds=10)
    job = read_job(writer.engine, writer.claim.job_id)
    job.spec = job.spec.model_copy(update=spec)
    return Recorder(writer, job, start_run(SPEC), DIGITS, meter)


def epoch(number: int, val_accuracy: float, val_loss: float) -> EpochResult:
    return EpochResult(number, 0.5, 0.5, val_loss, val_accuracy)


def job_of(writer: FencedWriter) -> Job:
    return read_job(writer.engine, writer.claim.job_id)


@pytest.mark.parametrize(
    ("scores", "best_epoch"),
    [
        pytest.param([(0.5, 1.0), (0.6, 2.0)], 2, id="more accuracy"),
        pytest.param([(0.6, 2.0), (0.5, 1.0)], 1, id="less accuracy"),
        pytest.param([(0.5, 1.0), (0.5, 0.9)], 2, id="a smaller loss"),
        pytest.param([(0.5, 0.9), (0.5, 1.0)], 1, id="a larger loss"),
        pytest.param([(0.5, 1.0), (0.5, 1.0)], 1, id="the same again"),
        pytest.param([(0.0, 9.0)], 1, id="a poor first epoch"),
        pytest.param([(0.9, 1.0), (0.1, 1.0), (0.5, 1.0)], 1, id="a recovery"),
    ],
)
def test_the_best_epoch_is_by_accuracy_then_loss(
    writer: FencedWriter, scores: list[tuple[float, float]], best_epoch: int
) -> None:
    recorder = make_recorder(writer)

    for number, (accuracy, loss) in enumerate(scores, start=1):
        recorder.record(epoch(number, accuracy, loss))

    job = job_of(writer)
    assert job.best_epoch == best_epoch
    assert (job.best_val_accuracy, job.best_val_loss) == scores[best_epoch - 1]


def test_where_the_last_epoch_is_the_result_no_other_is(writer: FencedWriter) -> None:
    recorder = make_recorder(writer, choose_epoch="last")

    for number, accuracy in enumerate((0.5, 0.9, 0.8), start=1):
        recorder.record(epoch(number, accuracy, 1.0))

        assert job_of(writer).best_epoch == number
        assert job_of(writer).best_val_accuracy == accuracy


@pytest.mark.parametrize(("accuracy", "best_epoch"), [(0.7, 1), (0.9, 2)])
def test_the_next_attempt_knows_what_there_is_to_beat(
    writer: FencedWriter, accuracy: float, best_epoch: int
) -> None:
    first = make_recorder(writer)
    first.record(epoch(1, 0.8, 1.0))
    with pytest.raises(AttemptOver):
        first.release()
    second = make_recorder(next_attempt(writer))

    second.record(epoch(2, accuracy, 1.0))

    assert job_of(writer).best_epoch == best_epoch


def test_metrics_carry_the_attempt_and_the_speed(writer: FencedWriter) -> None:
    recorder = make_recorder(writer)

    recorder.record(StepResult(1, 1, 1))
    recorder.record(epoch(1, 0.5, 1.0))

    with read_session(writer.engine) as session:
        [metrics] = jobs.list_metrics(session, writer.claim.job_id)
    assert metrics.attempt == 1
    assert metrics.seconds == 2
    assert metrics.images_per_second == SPEC.batch_size / 2


def test_progress_is_stored_when_the_meter_reports(writer: FencedWriter) -> None:
    recorder = make_recorder(writer)

    for number in (1, 2):
        recorder.record(StepResult(1, number, 2))

    progress = job_of(writer).progress
    assert progress is not None
    assert progress.step == 1


@pytest.mark.parametrize(
    ("train_loss", "val_loss"),
    [(0.5, math.nan), (0.5, math.inf), (math.nan, 0.5), (math.inf, 0.5)],
)
def test_a_loss_that_is_no_number_fails_the_job(
    writer: FencedWriter, train_loss: float, val_loss: float
) -> None:
    result = replace(epoch(1, 0.5, val_loss), train_loss=train_loss)

    with pytest.raises(AttemptOver) as raised:
        make_recorder(writer).record(result)

    error = job_of(writer).error
    assert raised.value.exit_code is ExitCode.FAILED
    assert error is not None
    assert (error.code, error.param) == ("diverged_non_finite", "learning_rate")
    assert not error.retryable
