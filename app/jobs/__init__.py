"""The life cycle of a job: every change of a job's row happens in this package."""

from app.jobs.leases import (
    Claim,
    LostLease,
    claim_job,
    find_lost_leases,
    put_back,
    renew_lease,
)
from app.jobs.listing import (
    Page,
    best_checkpoint,
    checkpoint_of_epoch,
    get_checkpoint,
    get_job,
    list_checkpoints,
    list_events,
    list_jobs,
    list_metrics,
    read_training_state,
    read_weights,
)
from app.jobs.record import (
    EpochRecord,
    SavedState,
    fail_job,
    finish_job,
    record_epoch,
    record_progress,
    release_job,
)
from app.jobs.submit import count_queued, dispatch_job, find_undelivered, submit_job

__all__ = [
    "Claim",
    "EpochRecord",
    "LostLease",
    "Page",
    "SavedState",
    "best_checkpoint",
    "checkpoint_of_epoch",
    "claim_job",
    "count_queued",
    "dispatch_job",
    "fail_job",
    "find_lost_leases",
    "find_undelivered",
    "finish_job",
    "get_checkpoint",
    "get_job",
    "list_checkpoints",
    "list_events",
    "list_jobs",
    "list_metrics",
    "put_back",
    "read_training_state",
    "read_weights",
    "record_epoch",
    "record_progress",
    "release_job",
    "renew_lease",
    "submit_job",
]
