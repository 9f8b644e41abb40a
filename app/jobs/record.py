"""What a training child may write, each behind the fence of its attempt."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from app.jobs.moves import Claim, News, change_job, held_by, update_job
from app.models import (
    Checkpoint,
    CheckpointWeights,
    EpochMetrics,
    Job,
    JobError,
    Progress,
    TrainingState,
    now,
)
from app.spec import JobStatus

UNHELD: dict[str, Any] = {"worker_id": None, "lease_expires_at": None}


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


def record_progress(session: Session, claim: Claim, progress: Progress) -> bool:
    """Show where the epoch stands; False if the attempt is no longer current."""
    recorded = update_job(session, held_by(claim), {"progress": progress})
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
        }
    where = [*held_by(claim), col(Job.epoch) == metrics.epoch - 1]
    particulars = metrics.model_dump(
        mode="json", exclude={"job_id", "attempt", "created_at"}
    )
    if change_job(session, where, values, News("epoch", particulars)) is None:
        session.rollback()
        return False
    checkpoint = checkpoint_row(metrics, record.weights)
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
    row = TrainingState(
        job_id=claim.job_id,
        attempt=claim.attempt,
        epoch=state.epoch,
        step=state.step,
        data=state.data,
    )
    session.merge(row)


def release_job(session: Session, claim: Claim, state: SavedState) -> bool:
    """Save where the training stands and put the job back for another worker."""
    values = {"status": JobStatus.QUEUED, "dispatch_at": now(), **UNHELD}
    news = News(
        "requeued",
        {"reason": "worker_stopped", "epoch": state.epoch, "step": state.step},
    )
    if change_job(session, held_by(claim), values, news) is None:
        session.rollback()
        return False
    put_state(session, claim, state)
    session.commit()
    return True


def finish_job(
    session: Session, claim: Claim, test_loss: float, test_accuracy: float
) -> bool:
    """End a job well: its test result stands and its training state goes."""
    result = {"test_loss": test_loss, "test_accuracy": test_accuracy}
    values = {
        "status": JobStatus.SUCCEEDED,
        "finished_at": now(),
        **result,
        **UNHELD,
    }
    event = change_job(session, held_by(claim), values, News("succeeded", result))
    if event is not None:
        statement = delete(TrainingState)
        session.exec(statement.where(col(TrainingState.job_id) == claim.job_id))
    session.commit()
    return event is not None


def fail_job(session: Session, claim: Claim, error: JobError) -> bool:
    """End a job with the reason; its checkpoints and state stay."""
    values = {
        "status": JobStatus.FAILED,
        "finished_at": now(),
        "error": error,
        **UNHELD,
    }
    news = News("failed", {"error": error.model_dump()})
    event = change_job(session, held_by(claim), values, news)
    session.commit()
    return event is not None
