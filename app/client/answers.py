"""What the service answers, typed; what this version does not know is kept as well."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

TERMINAL = frozenset({"succeeded", "failed", "cancelled"})


class Answer(BaseModel):
    """Read from JSON; the service's words stay words, so that it may learn new ones."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def document(self) -> dict[str, Any]:
        """Return what the service sent, ready to be written as JSON."""
        return self.model_dump(mode="json", exclude_unset=True)


class Progress(Answer):
    """Where a running job stands within its epochs."""

    epoch: int
    epochs: int
    step: int
    steps: int
    fraction: float
    train_loss: float | None
    train_accuracy: float
    images_per_second: float
    seconds_left: float


class JobError(Answer):
    """Why a job failed, for a person and for a program."""

    code: str
    message: str
    hint: str
    param: str | None = None
    retryable: bool = False


class QueuePlace(Answer):
    """Where a queued job waits; 1 is next."""

    position: int
    estimated_start_at: datetime | None = None


class Job(Answer):
    """A training job as it was when the service answered."""

    id: str
    status: str
    is_terminal: bool
    spec: dict[str, Any]
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stop_reason: str | None = None
    name: str | None = None
    tags: list[str] = []
    metadata: dict[str, str] = {}
    priority: int = 0
    retried_from: str | None = None
    attempt: int = 0
    epoch: int = 0
    environment: dict[str, Any] | None = None
    progress: Progress | None = None
    best_epoch: int | None = None
    best_val_accuracy: float | None = None
    best_val_loss: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    error: JobError | None = None
    queue: QueuePlace | None = None

    @property
    def seconds(self) -> float | None:
        """How long it took from its start to its end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Event(Answer):
    """One thing that happened to a job; progress is told in between, and has no number.

    `data` of kind `epoch` are the metrics of the epoch.
    """

    kind: str
    data: dict[str, Any]
    number: int | None = None
    created_at: datetime | None = None
    attempt: int | None = None

    @property
    def is_end(self) -> bool:
        return self.kind in TERMINAL


class EpochMetrics(Answer):
    """What one epoch achieved; losses are means per image, in nats."""

    epoch: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    images_per_second: float


class Checkpoint(Answer):
    """A saved network; one that was imported has no job, and no metrics."""

    id: str
    job_id: str | None
    epoch: int
    created_at: datetime
    val_loss: float | None
    val_accuracy: float | None
    size_bytes: int
    sha256: str


class LogLine(Answer):
    """One line that a job's process said."""

    number: int
    created_at: datetime
    attempt: int
    level: str
    message: str


class ClassScore(Answer):
    """How well one class is told from the others; null is a share of nothing."""

    name: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None


class Report(Answer):
    """A job's best checkpoint on the test images."""

    epoch: int
    images: int
    loss: float
    accuracy: float
    classes: list[ClassScore]
    confusion_matrix: list[list[int]]
