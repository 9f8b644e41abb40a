"""Example rows of one job's life; app/api/openapi/answers.py makes answers of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.api.schemas import (
    BulkResult,
    LogLine,
    QueuePublic,
    StatusChange,
    WorkerPublic,
)
from app.models import Checkpoint, EpochMetrics, Job, JobError, JobEvent, Progress
from app.spec import TrainingSpec
from app.states import ErrorCode, JobStatus, StopReason

JOB_ID = UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")
CHECKPOINT_ID = UUID("c56a4180-65aa-42ec-a945-5fd21dec0538")
SUBMITTED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
STARTED = SUBMITTED + timedelta(seconds=2)
FINISHED = SUBMITTED + timedelta(seconds=31)
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

SPEC = TrainingSpec(epochs=2, seed=7)
PROGRESS = Progress(
    epoch=2,
    epochs=2,
    step=215,
    steps=429,
    fraction=0.75,
    train_loss=0.081,
    train_accuracy=0.975,
    images_per_second=9100.0,
    seconds_left=3.0,
)
QUEUED = Job(id=JOB_ID, created_at=SUBMITTED, spec=SPEC)
RUNNING = Job(
    id=JOB_ID,
    created_at=SUBMITTED,
    spec=SPEC,
    status=JobStatus.RUNNING,
    started_at=STARTED,
    attempt=1,
    epoch=1,
    progress=PROGRESS,
    best_epoch=1,
    best_val_accuracy=0.9744,
    best_val_loss=0.0853,
)
SUCCEEDED = Job(
    id=JOB_ID,
    created_at=SUBMITTED,
    spec=SPEC,
    status=JobStatus.SUCCEEDED,
    started_at=STARTED,
    finished_at=FINISHED,
    attempt=1,
    epoch=2,
    best_epoch=2,
    best_val_accuracy=0.9852,
    best_val_loss=0.0496,
    test_accuracy=0.9861,
    test_loss=0.0433,
    stop_reason=StopReason.COMPLETED,
    estimated_seconds=30.5,
    estimate_error=-0.049,
)
FAILED = Job(
    id=JOB_ID,
    created_at=SUBMITTED,
    spec=TrainingSpec(epochs=2, seed=7, learning_rate=10.0),
    status=JobStatus.FAILED,
    started_at=STARTED,
    finished_at=FINISHED,
    attempt=1,
    error=JobError(
        code=ErrorCode.DIVERGED_NON_FINITE,
        message="The loss was no longer a finite number in epoch 1.",
        param="learning_rate",
        hint="Lower the learning rate, or set precision to fp32; the checkpoints of "
        "earlier epochs are kept.",
        retryable=False,
    ),
)
QUEUE_PLACE = QueuePublic(
    position=2, jobs_ahead=1, estimated_start_at=SUBMITTED + timedelta(minutes=3)
)
HISTORY = [
    StatusChange(
        status=status, at=at, reason=reason, attempt=attempt, worker_id=worker_id
    )
    for status, at, reason, attempt, worker_id in (
        (JobStatus.QUEUED, SUBMITTED, None, 0, None),
        (JobStatus.RUNNING, STARTED, None, 1, "mill:4711"),
        (JobStatus.SUCCEEDED, FINISHED, "finished", 1, None),
    )
]
METRICS = EpochMetrics(
    job_id=JOB_ID,
    epoch=1,
    attempt=1,
    created_at=STARTED + timedelta(seconds=14),
    train_loss=0.2714,
    train_accuracy=0.9129,
    val_loss=0.0853,
    val_accuracy=0.9744,
    seconds=6.1,
    images_per_second=9016.4,
)
CHECKPOINT = Checkpoint(
    id=CHECKPOINT_ID,
    job_id=JOB_ID,
    epoch=2,
    attempt=1,
    created_at=FINISHED,
    val_loss=0.0496,
    val_accuracy=0.9852,
    size_bytes=5_515_632,
    sha256=SHA256,
)
EPOCH_EVENT = JobEvent(
    job_id=JOB_ID,
    number=3,
    kind="epoch",
    created_at=METRICS.created_at,
    attempt=1,
    data=METRICS.model_dump(mode="json", exclude={"job_id", "attempt", "created_at"}),
)
CANCELLED_ONE = BulkResult(id=JOB_ID, ok=True, status=JobStatus.CANCELLING)
REFUSED_ONE = BulkResult(
    id=CHECKPOINT_ID,
    ok=False,
    code="job_not_found",
    detail="There is no job with this id.",
)
WORKER = WorkerPublic(
    id="mill:4711",
    host="mill",
    device="cpu",
    slots=1,
    started_at=SUBMITTED,
    heartbeat_at=FINISHED,
    is_alive=True,
    current_jobs=[JOB_ID],
)
LOG_LINE = LogLine(
    number=2,
    created_at=METRICS.created_at,
    attempt=1,
    level="info",
    message="epoch 1: train loss 0.2714, validation accuracy 0.9744",
)
