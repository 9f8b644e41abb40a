"""What becomes of each result of the loop: progress, metrics and checkpoints."""

import logging
import math
from functools import partial
from typing import NoReturn

from app import jobs
from app.database.engine import read_session, write_session
from app.jobs import EpochRecord, SavedState
from app.models import EpochMetrics, Job
from app.states import JobStatus
from app.vision.card import CheckpointCard, digest_weights
from app.vision.checkpoint import encode_checkpoint
from worker.exits import ExitCode
from worker.failures import diverged
from worker.fenced import AttemptOver, FencedWriter
from worker.progress import ProgressMeter
from worker.run import TrainingRun
from worker.state import save_run
from worker.training import EpochResult, StepResult

logger = logging.getLogger(__name__)


class Recorder:
    """Records one attempt's results; the run tells what to save."""

    def __init__(
        self,
        writer: FencedWriter,
        job: Job,
        run: TrainingRun,
        class_names: tuple[str, ...],
        meter: ProgressMeter,
    ) -> None:
        self._writer = writer
        self._job = job
        self._run = run
        self._class_names = class_names
        self._meter = meter
        self._best = best_so_far(job)

    def record(self, result: StepResult | EpochResult) -> None:
        """Write what there is to write; AttemptOver ends the attempt."""
        if isinstance(result, EpochResult):
            self._record_epoch(result)
            return
        progress = self._meter.step(self._run, result)
        if progress is not None:
            self._writer.write(partial(jobs.record_progress, progress=progress))
            if progress.train_loss is None:
                self._diverge(result.epoch)
        if self._meter.is_save_due():
            self._save()

    def release(self) -> NoReturn:
        """Save the run as it stands and leave the job to whoever goes on with it."""
        self._save()
        raise AttemptOver(ExitCode.RELEASED)

    def read_status(self) -> JobStatus | None:
        """Return what is asked of the job now."""
        with read_session(self._writer.engine) as session:
            return jobs.read_status(session, self._job.id)

    def _save(self) -> None:
        state = self._saved_state()
        self._writer.write(partial(jobs.save_state, state=state))
        logger.info("saved at epoch %d, step %d", state.epoch, state.step)

    def _record_epoch(self, result: EpochResult) -> None:
        if not math.isfinite(result.train_loss + result.val_loss):
            self._diverge(result.epoch)
        record = self._epoch_record(result)
        self._writer.write(partial(jobs.record_epoch, record=record))
        logger.info(
            "epoch %d: train loss %.4f, validation accuracy %.4f",
            result.epoch,
            result.train_loss,
            result.val_accuracy,
        )
        if self._job.spec.checkpoints != "every":
            with write_session(self._writer.engine) as session:
                jobs.prune_checkpoints(session, self._job.id)

    def _diverge(self, epoch: int) -> NoReturn:
        error = diverged(epoch)
        logger.error("%s: %s", error.code, error.message)
        self._writer.write(partial(jobs.record_error, error=error))
        raise AttemptOver(ExitCode.FAILED)

    def _epoch_record(self, result: EpochResult) -> EpochRecord:
        score = (result.val_accuracy, -result.val_loss)
        chosen_last = self._job.spec.choose_epoch == "last"
        is_best = chosen_last or score > self._best
        self._best = max(self._best, score)
        card = CheckpointCard(
            job_id=str(self._job.id),
            epoch=result.epoch,
            class_names=self._class_names,
            architecture=self._job.spec.architecture,
            temperature=result.temperature,
            familiarity=result.familiarity,
            input_shape=self._job.spec.pictures.shape,
        )
        weights = encode_checkpoint(self._run.result_network, card)
        return EpochRecord(
            self._metrics(result),
            weights,
            self._saved_state(),
            is_best,
            digest_weights(weights) if is_best else None,
        )

    def _metrics(self, result: EpochResult) -> EpochMetrics:
        seconds, images_per_second = self._meter.close_epoch()
        return EpochMetrics(
            job_id=self._job.id,
            epoch=result.epoch,
            attempt=self._writer.claim.attempt,
            train_loss=result.train_loss,
            train_accuracy=result.train_accuracy,
            val_loss=result.val_loss,
            val_accuracy=result.val_accuracy,
            seconds=seconds,
            images_per_second=images_per_second,
        )

    def _saved_state(self) -> SavedState:
        return SavedState(self._run.epoch, self._run.step, save_run(self._run))


def best_so_far(job: Job) -> tuple[float, float]:
    """Return the score to beat: accuracy first, then the smaller loss."""
    if job.best_val_accuracy is None or job.best_val_loss is None:
        return (-math.inf, -math.inf)
    return (job.best_val_accuracy, -job.best_val_loss)
