"""The meter reports at the first step and then by the clock."""

import pytest

from tests.factories import tiny_spec
from worker.progress import ProgressMeter
from worker.run import TrainingRun, start_run
from worker.training import StepResult

SPEC = tiny_spec(epochs=2, batch_size=4)


class Clock:
    """A clock that stands still unless it is set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock) -> ProgressMeter:
    return ProgressMeter(SPEC, clock, interval_seconds=10)


@pytest.fixture
def run() -> TrainingRun:
    run = start_run(SPEC)
    run.loss_sum += 6.0
    run.correct += 3
    return run


def step(number: int, epoch: int = 1) -> StepResult:
    return StepResult(epoch=epoch, step=number, steps=5)


def test_the_first_step_is_reported_at_once(
    meter: ProgressMeter, clock: Clock, run: TrainingRun
) -> None:
    clock.seconds += 0.5

    progress = meter.step(run, step(1))

    assert progress is not None
    assert (progress.epoch, progress.epochs) == (1, 2)
    assert (progress.step, progress.steps) == (1, 5)
    assert progress.fraction == 0.1
    assert progress.train_loss == 6 / 4
    assert progress.train_accuracy == 3 / 4
    assert progress.images_per_second == 8
    assert progress.seconds_left == 9 * 4 / 8


def test_a_step_that_took_no_time_is_not_reported(
    meter: ProgressMeter, run: TrainingRun
) -> None:
    assert meter.step(run, step(1)) is None


def test_the_next_report_waits_for_the_interval(
    meter: ProgressMeter, clock: Clock, run: TrainingRun
) -> None:
    clock.seconds += 1
    meter.step(run, step(1))

    clock.seconds += 9
    assert meter.step(run, step(2)) is None

    clock.seconds += 1
    progress = meter.step(run, step(3))
    assert progress is not None
    assert progress.images_per_second == 2 * 4 / 10


def test_progress_counts_the_epochs_before(
    meter: ProgressMeter, clock: Clock, run: TrainingRun
) -> None:
    clock.seconds += 1

    progress = meter.step(run, step(5, epoch=2))

    assert progress is not None
    assert progress.fraction == 1.0
    assert progress.seconds_left == 0


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_is_left_out(
    meter: ProgressMeter, clock: Clock, run: TrainingRun, loss: float
) -> None:
    clock.seconds += 1
    run.loss_sum.fill_(loss)

    progress = meter.step(run, step(1))

    assert progress is not None
    assert progress.train_loss is None


def test_an_epoch_s_speed_counts_its_own_steps(
    meter: ProgressMeter, clock: Clock, run: TrainingRun
) -> None:
    meter.step(run, step(1))
    clock.seconds += 2
    assert meter.close_epoch() == (2, 4 / 2)

    meter.step(run, step(1, epoch=2))
    meter.step(run, step(2, epoch=2))
    clock.seconds += 4
    assert meter.close_epoch() == (4, 8 / 4)


def test_a_report_after_an_epoch_measures_from_its_end(
    meter: ProgressMeter, clock: Clock, run: TrainingRun
) -> None:
    clock.seconds += 1
    meter.step(run, step(4))
    meter.step(run, step(5))
    clock.seconds += 30
    meter.close_epoch()

    clock.seconds += 10
    progress = meter.step(run, step(1, epoch=2))

    assert progress is not None
    assert progress.images_per_second == 4 / 10


def test_an_epoch_that_was_all_done_before_has_no_speed(meter: ProgressMeter) -> None:
    assert meter.close_epoch() == (0, 0)


def test_no_save_is_due_unless_the_spec_asks_for_it(
    meter: ProgressMeter, clock: Clock
) -> None:
    clock.seconds += 1e6

    assert not meter.is_save_due()


def test_a_save_is_due_once_an_interval_and_counted_anew_at_each_epoch(
    clock: Clock,
) -> None:
    spec = tiny_spec(checkpoint_interval_seconds=60.0)
    meter = ProgressMeter(spec, clock, interval_seconds=10)

    due = []
    for seconds in (59, 1, 0, 59, 1, 59):
        clock.seconds += seconds
        due.append(meter.is_save_due())
    meter.close_epoch()
    clock.seconds += 59
    due.append(meter.is_save_due())

    assert due == [False, True, False, False, True, False, False]
