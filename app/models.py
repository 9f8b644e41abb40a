"""The tables; app/jobs is the only package that writes them."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID, uuid4

from pydantic import BaseModel
from pydantic import Field as PublicField
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel, UniqueConstraint
from typing_extensions import override

from app.architecture import Architecture
from app.dataset_report import DatasetReport
from app.report import EvaluationReport
from app.spec import Colour, TrainingSpec
from app.states import BulkStatus, DatasetStatus, ErrorCode, JobStatus, StopReason


def now() -> datetime:
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, PostgreSQL answers in its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    @override
    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class ModelJson(TypeDecorator[BaseModel]):
    """A pydantic model kept as JSON and validated when it is read."""

    impl = JSON
    cache_ok = True

    def __init__(self, model: type[BaseModel]) -> None:
        super().__init__(none_as_null=True)
        self.model = model

    @override
    def process_bind_param(
        self, value: BaseModel | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        return None if value is None else value.model_dump(mode="json")

    @override
    def process_result_value(
        self, value: dict[str, Any] | None, dialect: Dialect
    ) -> BaseModel | None:
        return None if value is None else self.model.model_validate(value)


# Plain text, so that a new status needs no migration of the column.
def text_enum(kind: type[StrEnum], length: int) -> Enum:
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


STATUS_TYPE = text_enum(JobStatus, 16)
STOP_REASON_TYPE = text_enum(StopReason, 32)
DATASET_STATUS_TYPE = text_enum(DatasetStatus, 16)


class Progress(BaseModel):
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


class Environment(BaseModel):
    """On what a job trains: the same again gives the same weights, bit for bit."""

    device: str
    precision: Literal["fp32", "bf16"]
    threads: int
    torch: str


class StartingPoint(BaseModel):
    """The checkpoint whose weights a job started from, and what it drew anew."""

    checkpoint_id: UUID
    job_id: UUID | None
    epoch: int | None
    sha256: str
    replaced: list[str] = PublicField(
        description="Weights that were drawn anew: the head, for another number of "
        "classes."
    )


class Verdict(BaseModel):
    """How far a job that was run again came to the same end, and why no further."""

    verdict: Literal["exact", "statistical", "different"] | None = None
    reasons: list[str] = []


class Reproduction(Verdict):
    """Whose lineage a job runs again; the verdict is there once it has succeeded."""

    of: UUID


class JobError(BaseModel):
    """Why a job failed, for a person and for a program."""

    code: ErrorCode
    message: str
    param: str | None = None
    hint: str
    retryable: bool


class Job(SQLModel, table=True):
    """One request to train and all that is known of it."""

    __table_args__ = (
        Index("ix_job_created_at_id", "created_at", "id"),
        Index("ix_job_key_created_at", "key_id", "created_at", "id"),
        Index("ix_job_status_created_at", "status", "created_at", "id"),
        Index("ix_job_status_lease", "status", "lease_expires_at"),
        Index("ix_job_status_dispatch", "status", "dispatch_at"),
        # The line, in order, with all that an estimate needs of those who wait.
        Index(
            "ix_job_line",
            "status",
            "priority",
            "created_at",
            "id",
            "lease_expires_at",
            "epoch",
            "epochs",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    status: JobStatus = Field(
        default=JobStatus.QUEUED, sa_column=Column(STATUS_TYPE, nullable=False)
    )
    spec: TrainingSpec = Field(
        sa_column=Column(ModelJson(TrainingSpec), nullable=False)
    )
    event_count: int = 0
    log_count: int = 0
    edit_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    name: str | None = Field(default=None, max_length=200)
    tags: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    # "metadata" is taken by SQLAlchemy on every table class.
    user_metadata: dict[str, str] = Field(
        default_factory=dict, sa_column=Column("metadata", JSON, nullable=False)
    )
    priority: int = 0
    retried_from: UUID | None = None
    key_id: str | None = Field(default=None, max_length=32)  # whose it is
    # No foreign key: the record of a job outlives the dataset.
    dataset_id: UUID | None = Field(default=None, index=True)
    requested: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    init_from: UUID | None = Field(default=None, index=True)
    starting_point: StartingPoint | None = Field(
        default=None, sa_column=Column(ModelJson(StartingPoint))
    )
    reproduces: UUID | None = None
    verdict: Verdict | None = Field(default=None, sa_column=Column(ModelJson(Verdict)))
    # Where the trace of its submit goes on: W3C Trace Context.
    traceparent: str | None = Field(default=None, max_length=64)

    attempt: int = 0
    crashes: int = 0
    worker_id: str | None = None
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dispatch_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

    environment: Environment | None = Field(
        default=None, sa_column=Column(ModelJson(Environment))
    )
    epoch: int = 0
    epochs: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    progress: Progress | None = Field(
        default=None, sa_column=Column(ModelJson(Progress))
    )
    best_epoch: int | None = None
    best_val_accuracy: float | None = None
    best_val_loss: float | None = None
    weights_sha256: str | None = Field(default=None, max_length=64)
    test_loss: float | None = None
    test_accuracy: float | None = None
    stop_reason: StopReason | None = Field(
        default=None, sa_column=Column(STOP_REASON_TYPE)
    )
    estimated_seconds: float | None = None
    estimate_error: float | None = None
    error: JobError | None = Field(default=None, sa_column=Column(ModelJson(JobError)))
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_terminal(self) -> bool:
        return self.status.is_terminal

    @property
    def reproduction(self) -> Reproduction | None:
        if self.reproduces is None:
            return None
        verdict = self.verdict or Verdict()
        return Reproduction(of=self.reproduces, **verdict.model_dump())


class JobAttempt(SQLModel, table=True):
    """On what one attempt at a job ran, and with which code and images."""

    __tablename__ = "job_attempt"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    attempt: int = Field(primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    epoch: int
    step: int
    environment: Environment = Field(
        sa_column=Column(ModelJson(Environment), nullable=False)
    )
    version: str = Field(max_length=64)
    commit: str | None = Field(default=None, max_length=64)
    dataset_digest: str = Field(max_length=64)
    split_digest: str = Field(max_length=64)


class JobEvent(SQLModel, table=True):
    """One thing that happened to a job; numbers run from 1 without a gap."""

    __tablename__ = "job_event"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    number: int = Field(primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    kind: str = Field(max_length=32)
    attempt: int
    data: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )


class JobLog(SQLModel, table=True):
    """One line that a training child said; numbers run from 1, old ones are dropped."""

    __tablename__ = "job_log"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    number: int = Field(default=0, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    attempt: int
    level: str = Field(max_length=16)
    message: str


class ApiKey(SQLModel, table=True):
    """Who may ask, and for what; of the key itself only a hash is kept."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=200)
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Null: as the settings say.
    max_queued_jobs: int | None = None
    max_running_jobs: int | None = None
    max_stored_bytes: int | None = Field(default=None, sa_type=BigInteger)
    max_epochs_a_day: int | None = None
    epochs_on: date | None = None  # the day whose epochs are counted
    epochs_spent: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"}
    )
    edit_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    @property
    def quotas(self) -> dict[str, int | None]:
        """Return its own limits, by the name of the quota."""
        return {
            "queued_jobs": self.max_queued_jobs,
            "running_jobs": self.max_running_jobs,
            "stored_bytes": self.max_stored_bytes,
            "epochs_a_day": self.max_epochs_a_day,
        }


class IdempotencyKey(SQLModel, table=True):
    """A client's own name for a request, and what that has made."""

    __tablename__ = "idempotency_key"

    owner: str = Field(primary_key=True, max_length=32)  # an API key's id, or nobody
    key: str = Field(primary_key=True, max_length=255)
    digest: str = Field(max_length=64)
    resource: str = Field(max_length=160)  # its id; the request says of what
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)


class Worker(SQLModel, table=True):
    """A worker process that has shown itself; alive while its heartbeat is fresh."""

    id: str = Field(primary_key=True)
    host: str
    pid: int
    device: str
    slots: int = 1
    gpu_memory_used: int | None = Field(default=None, sa_type=BigInteger)
    gpu_memory_total: int | None = Field(default=None, sa_type=BigInteger)
    started_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    heartbeat_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class EpochMetrics(SQLModel, table=True):
    """What one epoch of one job achieved; losses are means per image, in nats."""

    __tablename__ = "epoch_metrics"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    epoch: int = Field(primary_key=True)
    attempt: int
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    images_per_second: float


class JobReport(SQLModel, table=True):
    """The evaluation of a job's best checkpoint on the test images."""

    __tablename__ = "evaluation_report"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    data: EvaluationReport = Field(
        sa_column=Column(ModelJson(EvaluationReport), nullable=False)
    )


class Checkpoint(SQLModel, table=True):
    """The row that names a saved network; its bytes lie in CheckpointWeights.

    One from elsewhere has no job, the epoch 0, nothing that was measured here, and a
    row in CheckpointImport.
    """

    __table_args__ = (UniqueConstraint("job_id", "epoch"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    job_id: UUID | None = Field(default=None, foreign_key="job.id")
    epoch: int
    attempt: int
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    val_loss: float | None = None
    val_accuracy: float | None = None
    size_bytes: int
    sha256: str = Field(max_length=64)


class CheckpointWeights(SQLModel, table=True):
    """The safetensors file of a checkpoint, apart so that lists never read it."""

    __tablename__ = "checkpoint_weights"

    checkpoint_id: UUID = Field(foreign_key="checkpoint.id", primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CheckpointImport(SQLModel, table=True):
    """Where a checkpoint comes from that no job here has trained."""

    __tablename__ = "checkpoint_import"

    checkpoint_id: UUID = Field(foreign_key="checkpoint.id", primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    key_id: str | None = Field(default=None, max_length=32)  # who sent it
    files: list[str] = Field(sa_column=Column(JSON, nullable=False))
    preprocess: str = Field(max_length=16)
    architecture: Architecture = Field(
        sa_column=Column(ModelJson(Architecture), nullable=False)
    )
    input_shape: list[int] = Field(sa_column=Column(JSON, nullable=False))
    weights_sha256: str = Field(max_length=64)
    # What the file says of its own making, which nobody here can check.
    claimed_job_id: str | None = Field(default=None, max_length=200)
    claimed_epoch: int | None = None


class RegisteredModel(SQLModel, table=True):
    """A name for versions of a network that do the same work."""

    __tablename__ = "model"

    name: str = Field(primary_key=True, max_length=64)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    description: str | None = Field(default=None, max_length=500)
    version_count: int = 0


class ModelVersion(SQLModel, table=True):
    """A checkpoint as a model's n-th version; numbers are never used again."""

    __tablename__ = "model_version"

    model_name: str = Field(foreign_key="model.name", primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    checkpoint_id: UUID = Field(foreign_key="checkpoint.id", index=True)


class ModelAlias(SQLModel, table=True):
    """A word for one version at a time; for none once it was taken away."""

    __tablename__ = "model_alias"
    __table_args__ = (
        ForeignKeyConstraint(
            ["model_name", "version"],
            ["model_version.model_name", "model_version.number"],
        ),
    )

    model_name: str = Field(foreign_key="model.name", primary_key=True, max_length=64)
    alias: str = Field(primary_key=True, max_length=64)
    version: int | None = None
    change_count: int = 0


class AliasChange(SQLModel, table=True):
    """One move of an alias; numbers run from 1 without a gap."""

    __tablename__ = "alias_change"

    model_name: str = Field(foreign_key="model.name", primary_key=True, max_length=64)
    alias: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    version: int | None = None


class TrainingState(SQLModel, table=True):
    """What a job needs to go on where it stood; replaced at each save."""

    __tablename__ = "training_state"

    job_id: UUID = Field(foreign_key="job.id", primary_key=True)
    attempt: int
    epoch: int
    step: int
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Dataset(SQLModel, table=True):
    """One version of an uploaded dataset; its images lie in DatasetChunk."""

    __table_args__ = (
        UniqueConstraint("name", "version"),
        Index("ix_dataset_created_at_id", "created_at", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    key_id: str | None = Field(default=None, max_length=32)  # who uploaded it
    name: str = Field(max_length=64)
    version: int
    status: DatasetStatus = Field(
        default=DatasetStatus.VALIDATING,
        sa_column=Column(DATASET_STATUS_TYPE, nullable=False, index=True),
    )
    preprocess: str = Field(max_length=16)
    # What was asked of its images: width x height, null for the rule's own.
    size: str | None = Field(default=None, max_length=16)
    colour: Colour = Field(
        default="auto",
        sa_column=Column(String(8), nullable=False, server_default="auto"),
    )
    files: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    attempt: int = 0
    renewals: int = 0
    digest: str | None = Field(
        default=None, foreign_key="dataset_content.digest", max_length=64
    )
    error: str | None = None
    report: DatasetReport | None = Field(
        default=None, sa_column=Column(ModelJson(DatasetReport))
    )


class DatasetContent(SQLModel, table=True):
    """What versions with the same images and labels share; named by its SHA-256."""

    __tablename__ = "dataset_content"

    digest: str = Field(primary_key=True, max_length=64)
    class_names: list[str] = Field(sa_column=Column(JSON, nullable=False))
    train_images: int
    test_images: int
    stored_bytes: int
    # Before there were others, all were 28x28 in grey.
    channels: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    height: int = Field(default=28, sa_column_kwargs={"server_default": "28"})
    width: int = Field(default=28, sa_column_kwargs={"server_default": "28"})

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.channels, self.height, self.width


class DatasetSheet(SQLModel, table=True):
    """A picture of some images of each class, as a PNG."""

    __tablename__ = "dataset_sheet"

    digest: str = Field(
        foreign_key="dataset_content.digest", primary_key=True, max_length=64
    )
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DatasetChunk(SQLModel, table=True):
    """A compressed piece of a dataset, apart so that lists never read it."""

    __tablename__ = "dataset_chunk"

    digest: str = Field(
        foreign_key="dataset_content.digest", primary_key=True, max_length=64
    )
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class BulkError(BaseModel):
    """Why a bulk prediction failed as a whole."""

    code: str
    message: str


class BulkPrediction(SQLModel, table=True):
    """A zip of pictures to classify; app/bulk is the only package that writes it."""

    __tablename__ = "bulk_prediction"
    __table_args__ = (
        Index("ix_bulk_prediction_created_at_id", "created_at", "id"),
        Index("ix_bulk_prediction_status", "status", "created_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    status: BulkStatus = Field(
        default=BulkStatus.QUEUED,
        sa_column=Column(text_enum(BulkStatus, 16), nullable=False),
    )
    key_id: str | None = Field(default=None, max_length=32)
    # As it was when it was chosen: the answer names it even when it is deleted.
    checkpoint: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    preprocess: str = Field(max_length=16)
    size_bytes: int
    images: int
    images_done: int = 0
    images_refused: int = 0
    attempt: int = 0
    lease_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: BulkError | None = Field(
        default=None, sa_column=Column(ModelJson(BulkError))
    )

    @property
    def is_terminal(self) -> bool:
        return self.status.is_terminal


class BulkRows(SQLModel, table=True):
    """Some hundred rows of a result, one after the other: compressed NDJSON."""

    __tablename__ = "bulk_rows"

    bulk_id: UUID = Field(foreign_key="bulk_prediction.id", primary_key=True)
    first: int = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
