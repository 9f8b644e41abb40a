"""How fast a job goes and how long it has left."""

import math
from collections.abc import Callable

from app.models import Progress
from app.spec import TrainingSpec
from worker.run import TrainingRun
from worker.training import StepResult


class ProgressMeter:
    """Measures images per second, between reports and over each epoch."""

    def __init__(
        self, spec: TrainingSpec, clock: Callable[[], float], interval_seconds: float
    ) -> None:
        self._spec = spec
        self._clock = clock
        self._interval = interval_seconds
        self._epoch_started = self._reported_at = self._saved_at = clock()
        self._counted_at = self._epoch_started
        self._steps_in_epoch = self._steps_since_report = 0
        self._reported = False

    def step(self, run: TrainingRun, result: StepResult) -> Progress | None:
        """Count a step; return a report at the first one and then at each interval."""
        self._steps_in_epoch += 1
        self._steps_since_report += 1
        moment = self._clock()
        run.seconds += moment - self._counted_at
        self._counted_at = moment
        elapsed = moment - self._reported_at
        if elapsed <= 0 or (self._reported and elapsed < self._interval):
            return None
        rate = self._steps_since_report * self._spec.batch_size / elapsed
        self._reported = True
        self._reported_at += elapsed
        self._steps_since_report = 0
        return progress(self._spec, run, result, rate)

    def is_time_up(self, run: TrainingRun) -> bool:
        """Say whether the job has trained, over all its attempts, as long as it may."""
        most = self._spec.max_run_seconds
        return most is not None and run.seconds >= most

    def is_save_due(self) -> bool:
        """Say, once an interval, that the spec wants the state saved now."""
        interval = self._spec.checkpoint_interval_seconds
        if interval is None or self._clock() - self._saved_at < interval:
            return False
        self._saved_at = self._clock()
        return True

    def close_epoch(self) -> tuple[float, float]:
        """Return the epoch's seconds and images per second in this attempt."""
        ended = self._clock()
        seconds = ended - self._epoch_started
        images = self._steps_in_epoch * self._spec.batch_size
        self._epoch_started = self._reported_at = self._saved_at = ended
        self._steps_in_epoch = self._steps_since_report = 0
        return seconds, images / max(seconds, 1e-9)


def progress(
    spec: TrainingSpec, run: TrainingRun, result: StepResult, images_per_second: float
) -> Progress:
    seen = result.step * spec.batch_size
    total = spec.epochs * result.steps
    done = (result.epoch - 1) * result.steps + result.step
    loss = run.loss_sum.item() / seen
    return Progress(
        epoch=result.epoch,
        epochs=spec.epochs,
        step=result.step,
        steps=result.steps,
        fraction=done / total,
        train_loss=loss if math.isfinite(loss) else None,
        train_accuracy=run.correct.item() / seen,
        images_per_second=images_per_second,
        seconds_left=(total - done) * spec.batch_size / images_per_second,
    )
