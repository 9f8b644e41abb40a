"""The life cycle of a job: every change of a job's row happens in this package."""

from app.jobs.actions import request_action
from app.jobs.budget import enforce_budget, kept_bytes
from app.jobs.choice import Answering, Choice, choose_answering, choose_checkpoint
from app.jobs.estimates import Preview, QueuePlace, place_in_queue, preview_job
from app.jobs.gauges import Gauges, read_gauges
from app.jobs.leases import (
    Claim,
    HeldLease,
    Lease,
    claim_next,
    list_held_leases,
    read_status,
    renew_lease,
)
from app.jobs.lineage import list_attempts, record_attempt
from app.jobs.listing import (
    best_checkpoint,
    checkpoint_of_epoch,
    find_job,
    get_checkpoint,
    get_job,
    list_checkpoints,
    list_events,
    list_jobs,
    list_metrics,
    read_training_state,
    read_weights,
    status_history,
)
from app.jobs.logs import add_log_lines, list_log_lines
from app.jobs.manage import delete_job, edit_job, request_again, submit_reproduction
from app.jobs.origins import network_from, origin_of
from app.jobs.record import (
    EpochRecord,
    SavedState,
    TestResult,
    record_epoch,
    record_error,
    record_progress,
    record_result,
    save_state,
)
from app.jobs.reports import get_report
from app.jobs.retention import prune_checkpoints, reclaim_space
from app.jobs.settle import LEASE_EXPIRED, Ending, settle_job
from app.jobs.starting import demand_checkpoint, read_starting_weights
from app.jobs.submit import (
    Origin,
    count_queued,
    dispatch_job,
    find_undelivered,
    submit_job,
)
from app.jobs.workers import WorkerView, forget_workers, list_workers, show_worker

__all__ = [
    "LEASE_EXPIRED",
    "Answering",
    "Choice",
    "Claim",
    "Ending",
    "EpochRecord",
    "Gauges",
    "HeldLease",
    "Lease",
    "Origin",
    "Preview",
    "QueuePlace",
    "SavedState",
    "TestResult",
    "WorkerView",
    "add_log_lines",
    "best_checkpoint",
    "checkpoint_of_epoch",
    "choose_answering",
    "choose_checkpoint",
    "claim_next",
    "count_queued",
    "delete_job",
    "demand_checkpoint",
    "dispatch_job",
    "edit_job",
    "enforce_budget",
    "find_job",
    "find_undelivered",
    "forget_workers",
    "get_checkpoint",
    "get_job",
    "get_report",
    "kept_bytes",
    "list_attempts",
    "list_checkpoints",
    "list_events",
    "list_held_leases",
    "list_jobs",
    "list_log_lines",
    "list_metrics",
    "list_workers",
    "network_from",
    "origin_of",
    "place_in_queue",
    "preview_job",
    "prune_checkpoints",
    "read_gauges",
    "read_starting_weights",
    "read_status",
    "read_training_state",
    "read_weights",
    "reclaim_space",
    "record_attempt",
    "record_epoch",
    "record_error",
    "record_progress",
    "record_result",
    "renew_lease",
    "request_action",
    "request_again",
    "save_state",
    "settle_job",
    "show_worker",
    "status_history",
    "submit_job",
    "submit_reproduction",
]
