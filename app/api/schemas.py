"""The bodies of responses."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.models import Environment, JobError, Progress, Reproduction, StartingPoint
from app.spec import TrainingSpec
from app.states import JobStatus, StopReason

Item = TypeVar("Item")


class Public(BaseModel):
    """Read from a row of the same names."""

    model_config = ConfigDict(from_attributes=True)


class Listing(BaseModel, Generic[Item]):
    """A page of a list; `after=last_id` asks for the next one."""

    object: Literal["list"] = "list"
    data: list[Item]
    has_more: bool = False
    first_id: str | None = None
    last_id: str | None = None


class JobPublic(Public):
    """A job as clients see it."""

    object: Literal["job"] = "job"
    id: UUID
    status: JobStatus
    is_terminal: bool = Field(description="Whether the status will never change.")
    stop_reason: StopReason | None = Field(description="Why it ended when it did.")
    name: str | None
    tags: list[str]
    metadata: dict[str, str] = Field(validation_alias="user_metadata")
    priority: int = Field(description="Higher starts sooner.")
    retried_from: UUID | None = Field(description="The job whose spec this one has.")
    starting_point: StartingPoint | None = Field(
        description="The checkpoint of `init_from`, and what was not taken of it."
    )
    reproduction: Reproduction | None = Field(
        description="If it runs the lineage of another job again."
    )
    spec: TrainingSpec = Field(description="Every hyperparameter, defaults resolved.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int = Field(description="How often a worker has started the job.")
    environment: Environment | None = Field(
        description="On what it trains, once it does; `precision` as it was chosen."
    )
    epoch: int = Field(description="Epochs finished; each has metrics and checkpoint.")
    progress: Progress | None
    best_epoch: int | None = Field(
        description="By validation accuracy, then loss; or the last, if the spec "
        "chooses that."
    )
    best_val_accuracy: float | None
    best_val_loss: float | None
    test_loss: float | None
    test_accuracy: float | None = Field(
        description="Of the best checkpoint on the test images, measured once."
    )
    estimate_error: float | None = Field(
        description="How wrong the first estimate of its duration was: 0.1 is a tenth "
        "too short."
    )
    error: JobError | None


class QueuePublic(Public):
    """Where a queued job waits."""

    position: int = Field(description="1 is next.")
    jobs_ahead: int
    estimated_start_at: datetime | None = Field(
        description="Null until an epoch was measured, or while no worker is alive."
    )


class StatusChange(BaseModel):
    """One change of a job's status."""

    status: JobStatus
    at: datetime
    reason: str | None
    attempt: int
    worker_id: str | None


class JobDetail(JobPublic):
    """A job with its place in the queue and the history of its status."""

    queue: QueuePublic | None = Field(default=None, description="While it is queued.")
    history: list[StatusChange] = []


class BulkResult(BaseModel):
    """What an action on several jobs came to for one of them."""

    id: UUID
    ok: bool
    status: JobStatus | None = Field(default=None, description="After the action.")
    code: str | None = Field(default=None, description="Of the error, if not ok.")
    detail: str | None = None


class LogLine(Public):
    """One line that a job's process said."""

    number: int
    created_at: datetime
    attempt: int
    level: str
    message: str

    def as_json(self) -> str:
        return self.model_dump_json() + "\n"

    def as_text(self) -> str:
        moment = self.created_at.isoformat(timespec="milliseconds")
        return f"{moment} #{self.attempt} {self.level:<7} {self.message}\n"


class WorkerPublic(BaseModel):
    """A worker process and what it does."""

    id: str
    host: str
    device: str
    slots: int
    started_at: datetime
    heartbeat_at: datetime
    is_alive: bool
    current_jobs: list[UUID]


class MetricsPublic(Public):
    """What one epoch achieved; losses are means per image, in nats."""

    epoch: int
    attempt: int
    created_at: datetime
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    images_per_second: float


class CheckpointPublic(Public):
    """A saved network; its bytes are at /jobs/{job_id}/checkpoints/{epoch}/download."""

    object: Literal["checkpoint"] = "checkpoint"
    id: UUID
    job_id: UUID | None = Field(description="Null: it was imported.")
    epoch: int = Field(description="From 1; 0 if it was imported.")
    created_at: datetime
    val_loss: float | None = Field(description="Null: nobody measured it here.")
    val_accuracy: float | None
    size_bytes: int
    sha256: str


class AnsweringModel(Public):
    """The model's version that answered, and by which alias it was named."""

    name: str
    version: int
    alias: str | None


class EventPublic(Public):
    """One thing that happened to a job; numbers run from 1 without a gap."""

    job_id: UUID
    number: int
    kind: str
    created_at: datetime
    attempt: int
    data: dict[str, Any]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
