"""What a training child may write, each behind the fence of its attempt."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.jobs.listing import find_job
from app.jobs.moves import Claim, News, change_job, held_by, update_job
from app.models import (
    Checkpoint,
    CheckpointWeights,
    EpochMetrics,
    Job,
    JobError,
    JobReport,
    Progress,
    TrainingState,
    now,
)
from app.report import EvaluationReport
from app.states import StopReason


@dataclass(frozen=True)
class SavedState:
    """Serialized training state, and the place in the training that it holds."""

    epoch: int
    step: int
    data: bytes


@dataclass(frozen=True)
class EpochRecord:
    """Everything that one finished epoch leaves behind."""

    metrics: EpochMetrics
    weights: bytes
    state: SavedState
    is_best: bool
    weights_sha256: str | None = None


def record_progress(session: Session, claim: Claim, progress: Progress) -> bool:
    """Show where the epoch stands; False if the attempt is no longer current."""
    job = find_job(session, claim.job_id)
    values: dict[str, Any] = {"progress": progress}
    if job and job.estimated_seconds is None and job.started_at is not None:
        passed = (now() - job.started_at).total_seconds()
        values["estimated_seconds"] = passed + progress.seconds_left
    recorded = update_job(session, held_by(claim), values)
    session.commit()
    return recorded


def record_epoch(session: Session, claim: Claim, record: EpochRecord) -> bool:
    """Commit metrics, checkpoint, state and event together, or nothing at all."""
    metrics = record.metrics
    values: dict[str, Any] = {"epoch": metrics.epoch, "crashes": 0}
    if record.is_best:
        values |= {
            "best_epoch": metrics.epoch,
            "best_val_accuracy": metrics.val_accuracy,
            "best_val_loss": metrics.val_loss,
            "weights_sha256": record.weights_sha256,
        }
    where = [*held_by(claim), col(Job.epoch) == metrics.epoch - 1]
    particulars = metrics.model_dump(
        mode="json", exclude={"job_id", "attempt", "created_at"}
    )
    # Hashes megabytes: before the write lock is taken.
    checkpoint = checkpoint_row(metrics, record.weights)
    if change_job(session, where, values, News("epoch", particulars)) is None:
        session.rollback()
        return False
    session.add_all([metrics, checkpoint])
    session.flush()
    session.add(CheckpointWeights(checkpoint_id=checkpoint.id, data=record.weights))
    put_state(session, claim, record.state)
    session.commit()
    return True


def checkpoint_row(metrics: EpochMetrics, weights: bytes) -> Checkpoint:
    return Checkpoint(
        job_id=metrics.job_id,
        epoch=metrics.epoch,
        attempt=metrics.attempt,
        val_loss=metrics.val_loss,
        val_accuracy=metrics.val_accuracy,
        size_bytes=len(weights),
        sha256=hashlib.sha256(weights).hexdigest(),
    )


def put_state(session: Session, claim: Claim, state: SavedState) -> None:
    """Replace the state; what it was, some megabytes, is not read for that."""
    row = TrainingState(
        job_id=claim.job_id,
        attempt=claim.attempt,
        epoch=state.epoch,
        step=state.step,
        data=state.data,
    )
    of_job = col(TrainingState.job_id) == claim.job_id
    statement = update(TrainingState).where(of_job).values(row.model_dump())
    if session.exec(statement).rowcount == 0:
        session.add(row)


def save_state(session: Session, claim: Claim, state: SavedState) -> bool:
    """Save where the training stands; False if the attempt is no longer current."""
    if not update_job(session, held_by(claim), {"attempt": claim.attempt}):
        session.rollback()
        return False
    put_state(session, claim, state)
    session.commit()
    return True


@dataclass(frozen=True)
class TestResult:
    """How the best checkpoint did on the test images, and why the training ended."""

    __test__ = False  # not one of pytest's

    loss: float
    accuracy: float
    report: EvaluationReport | None = None
    reason: StopReason = StopReason.COMPLETED


def record_result(session: Session, claim: Claim, result: TestResult) -> bool:
    """Store the test result; the job ends well once its process is gone."""
    values = {
        "test_loss": result.loss,
        "test_accuracy": result.accuracy,
        "stop_reason": result.reason,
    }
    if not update_job(session, held_by(claim), values):
        session.rollback()
        return False
    if result.report is not None:
        session.merge(JobReport(job_id=claim.job_id, data=result.report))
    session.commit()
    return True


def record_error(session: Session, claim: Claim, error: JobError) -> bool:
    """Store why the training failed; the job fails once its process is gone."""
    recorded = update_job(session, held_by(claim), {"error": error})
    session.commit()
    return recorded
