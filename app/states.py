"""The states of a job and every move between them, as tables."""

from dataclasses import dataclass
from enum import StrEnum


class JobStatus(StrEnum):
    """The life of a job; see MOVES and OUTCOMES for how one leads to another."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        return self in TERMINAL


TERMINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})

# While a job is in one of these a training child may be alive.
HELD = frozenset(
    {
        JobStatus.RUNNING,
        JobStatus.PAUSING,
        JobStatus.STOPPING,
        JobStatus.CANCELLING,
    }
)
# In these its writes are still wanted.
WRITABLE = HELD - {JobStatus.CANCELLING}
# In these a worker may take the job, if nobody holds it: a job that is stopped
# while nobody holds it still has to be measured on the test images.
CLAIMABLE = frozenset({JobStatus.QUEUED, JobStatus.STOPPING})


class StopReason(StrEnum):
    """Why a job that ended well, or was cancelled, ended when it did."""

    COMPLETED = "completed"
    EARLY_STOPPED = "early_stopped"
    TARGET_REACHED = "target_reached"
    MAX_RUN_TIME = "max_run_time"
    STOPPED_BY_USER = "stopped_by_user"
    CANCELLED_BY_USER = "cancelled_by_user"


class ErrorCode(StrEnum):
    """Why a job failed."""

    WORKER_LOST = "worker_lost"
    PROCESS_CRASHED = "process_crashed"
    DATASET_UNAVAILABLE = "dataset_unavailable"
    DIVERGED_NON_FINITE = "diverged_non_finite"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"
    INTERNAL_ERROR = "internal_error"


class DatasetStatus(StrEnum):
    """Whether an uploaded dataset can be learned from; only `ready` can."""

    VALIDATING = "validating"
    READY = "ready"
    FAILED = "failed"


class Action(StrEnum):
    """What a client may ask of a job."""

    STOP = "stop"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True)
class Move:
    """A status that an action leads to; `held` asks whether a worker has the job."""

    source: JobStatus
    target: JobStatus
    held: bool


MOVES: dict[Action, tuple[Move, ...]] = {
    Action.STOP: (
        Move(JobStatus.RUNNING, JobStatus.STOPPING, held=True),
        Move(JobStatus.PAUSING, JobStatus.STOPPING, held=True),
        Move(JobStatus.PAUSED, JobStatus.STOPPING, held=False),
        Move(JobStatus.QUEUED, JobStatus.STOPPING, held=False),
    ),
    Action.CANCEL: (
        Move(JobStatus.QUEUED, JobStatus.CANCELLED, held=False),
        Move(JobStatus.PAUSED, JobStatus.CANCELLED, held=False),
        Move(JobStatus.STOPPING, JobStatus.CANCELLED, held=False),
        Move(JobStatus.RUNNING, JobStatus.CANCELLING, held=True),
        Move(JobStatus.PAUSING, JobStatus.CANCELLING, held=True),
        Move(JobStatus.STOPPING, JobStatus.CANCELLING, held=True),
    ),
    Action.PAUSE: (
        Move(JobStatus.RUNNING, JobStatus.PAUSING, held=True),
        Move(JobStatus.QUEUED, JobStatus.PAUSED, held=False),
    ),
    Action.RESUME: (Move(JobStatus.PAUSED, JobStatus.QUEUED, held=False),),
}

# Where an action that was already granted leads; asking again changes nothing.
ALREADY: dict[Action, frozenset[JobStatus]] = {
    Action.STOP: frozenset({JobStatus.STOPPING}),
    Action.CANCEL: frozenset({JobStatus.CANCELLING, JobStatus.CANCELLED}),
    Action.PAUSE: frozenset({JobStatus.PAUSING, JobStatus.PAUSED}),
    Action.RESUME: frozenset({JobStatus.QUEUED, JobStatus.RUNNING}),
}


class Outcome(StrEnum):
    """How an attempt ended, seen from outside once its process is gone."""

    FINISHED = "finished"
    FAILED = "failed"
    RELEASED = "released"
    LOST = "lost"


BACK = {
    JobStatus.RUNNING: JobStatus.QUEUED,
    JobStatus.PAUSING: JobStatus.PAUSED,
    JobStatus.STOPPING: JobStatus.STOPPING,
    JobStatus.CANCELLING: JobStatus.CANCELLED,
}
OUTCOMES: dict[Outcome, dict[JobStatus, JobStatus]] = {
    Outcome.FINISHED: {
        JobStatus.RUNNING: JobStatus.SUCCEEDED,
        JobStatus.PAUSING: JobStatus.SUCCEEDED,
        JobStatus.STOPPING: JobStatus.SUCCEEDED,
        JobStatus.CANCELLING: JobStatus.CANCELLED,
    },
    Outcome.FAILED: {
        JobStatus.RUNNING: JobStatus.FAILED,
        JobStatus.PAUSING: JobStatus.FAILED,
        JobStatus.STOPPING: JobStatus.FAILED,
        JobStatus.CANCELLING: JobStatus.CANCELLED,
    },
    Outcome.RELEASED: BACK,
    Outcome.LOST: BACK,
}


class BulkStatus(StrEnum):
    """Where a bulk prediction stands; the last two are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        return self in (BulkStatus.SUCCEEDED, BulkStatus.FAILED)
