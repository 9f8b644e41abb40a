"""What must hold after any fault: nothing lost, nothing twice, nothing different."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import text
from sqlmodel import select

from app.database.engine import open_database, read_session
from app.models import Checkpoint, CheckpointWeights
from tests.live.history import JobHistory, read_history, weights_digest
from tests.live.processes import parent_of, pools, runners
from tests.live.service import LiveService, wait_until

EPOCHS = 3
TERMINAL = frozenset({"succeeded", "failed", "cancelled"})
REAPED_SECONDS = 30.0


class Kind(StrEnum):
    """The kinds of harm; the first three have a column in the table of `make chaos`."""

    LOST_JOB = "lost job"
    DOUBLE_EPOCH = "double epoch"
    MISMATCHED_WEIGHTS = "mismatched weights"
    OTHER = "other"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be."""

    kind: Kind
    words: str


@dataclass(frozen=True)
class Expected:
    """The weights of an undisturbed run, by epoch, and how a job may fail."""

    digests: dict[int, str]
    may_fail_with: frozenset[str] = frozenset()


def audit(service: LiveService, expected: Expected) -> list[Finding]:
    """Wait for the end of every job, and look everything over."""
    listed = listed_jobs(service)
    found = [
        Finding(Kind.LOST_JOB, f"job {job_id} was accepted and is gone")
        for job_id in set(service.accepted) - set(listed)
    ]
    for job_id in listed:
        try:
            service.wait_for_end(job_id)
        except AssertionError as stuck:
            found.append(Finding(Kind.LOST_JOB, str(stuck)))
            continue
        found += audit_job(read_history(service, job_id), expected)
    return [*found, *audit_database(service), *audit_service(service)]


def listed_jobs(service: LiveService) -> list[str]:
    jobs = service.get("/jobs", params={"limit": 100}).json()["data"]
    return [job["id"] for job in jobs]


def audit_job(history: JobHistory, expected: Expected) -> Iterator[Finding]:
    """Look one job over that has ended."""
    for kind, check in CHECKS:
        words = check(history, expected)
        if words is not None:
            job_id = history.job["id"]
            yield Finding(kind, f"job {job_id}: {words}\n{history.story()}")


Check = Callable[[JobHistory, Expected], str | None]


def ended_well(history: JobHistory, expected: Expected) -> str | None:
    job = history.job
    if job["status"] == "failed":
        code = job["error"]["code"]
        return None if code in expected.may_fail_with else f"failed: {job['error']}"
    if job["status"] == "cancelled" and "cancel" not in history.requests:
        return "cancelled though nobody asked"
    if job["stop_reason"] == "completed" and job["epoch"] != job["spec"]["epochs"]:
        return f"completed after {job['epoch']} epochs"
    return None


def one_ending(history: JobHistory, expected: Expected) -> str | None:
    endings = [event["kind"] for event in history.events if event["kind"] in TERMINAL]
    is_last = history.events[-1]["kind"] in TERMINAL
    return None if len(endings) == 1 and is_last else f"endings: {endings}"


def no_gap(history: JobHistory, expected: Expected) -> str | None:
    numbers = [event["number"] for event in history.events]
    whole = numbers == list(range(1, len(numbers) + 1))
    return None if whole else f"event numbers {numbers}"


def no_epoch_twice(history: JobHistory, expected: Expected) -> str | None:
    twice = [epoch for epoch, n in Counter(history.told_epochs).items() if n > 1]
    return f"told epochs {twice} more than once" if twice else None


def no_epoch_missing(history: JobHistory, expected: Expected) -> str | None:
    wanted = list(range(1, history.job["epoch"] + 1))
    kept = (history.told_epochs, history.metrics_epochs, history.checkpoint_epochs)
    return None if all(epochs == wanted for epochs in kept) else f"epochs {kept}"


def no_stale_write(history: JobHistory, expected: Expected) -> str | None:
    """An epoch belongs to the attempt that had the job when it was recorded."""
    told = [e["attempt"] for e in history.events if e["kind"] == "epoch"]
    wrote = [row["attempt"] for row in history.metrics]
    return None if told == wrote else f"attempts {told} had the job, {wrote} wrote"


def no_second_run(history: JobHistory, expected: Expected) -> str | None:
    """Each attempt is claimed once, trains in one process, and follows the last."""
    claimed = [e["attempt"] for e in history.events if e["kind"] == "running"]
    if any(later <= earlier for earlier, later in pairwise(claimed)):
        return f"claims {claimed}"
    trained = Counter(line["attempt"] for line in history.starts)
    twice = [attempt for attempt, times in trained.items() if times > 1]
    return f"attempts {twice} trained twice" if twice else None


def same_weights(history: JobHistory, expected: Expected) -> str | None:
    """A job stopped in its first epoch cuts it short; every other epoch is whole."""
    was_cut = history.job["stop_reason"] == "stopped_by_user"
    differing = [
        epoch
        for epoch, digest in history.digests.items()
        if digest != expected.digests[epoch] and not (epoch == 1 and was_cut)
    ]
    return f"other weights after epochs {differing}" if differing else None


CHECKS: tuple[tuple[Kind, Check], ...] = (
    (Kind.LOST_JOB, ended_well),
    (Kind.OTHER, one_ending),
    (Kind.OTHER, no_gap),
    (Kind.DOUBLE_EPOCH, no_epoch_twice),
    (Kind.OTHER, no_epoch_missing),
    (Kind.DOUBLE_EPOCH, no_stale_write),
    (Kind.DOUBLE_EPOCH, no_second_run),
    (Kind.MISMATCHED_WEIGHTS, same_weights),
)


def audit_database(service: LiveService) -> Iterator[Finding]:
    """The file is sound, and every checkpoint's bytes are the ones that were hashed."""
    engine = open_database(f"sqlite:///{service.data_dir / 'modelmill.sqlite3'}")
    with read_session(engine) as session:
        verdict = session.execute(text("PRAGMA integrity_check")).scalars().all()
        for checkpoint in session.exec(select(Checkpoint)):
            stored = session.get_one(CheckpointWeights, checkpoint.id).data
            if hashlib.sha256(stored).hexdigest() != checkpoint.sha256:
                words = f"checkpoint {checkpoint.id} is not what was hashed"
                yield Finding(Kind.OTHER, words)
    engine.dispose()
    if verdict != ["ok"]:
        yield Finding(Kind.OTHER, f"integrity_check: {verdict}")


def audit_service(service: LiveService) -> Iterator[Finding]:
    """No process trains without a supervisor, and the API never broke."""
    try:
        wait_until(lambda: has_no_orphan(service), service.log, REAPED_SECONDS)
    except AssertionError:
        words = f"orphans among {runners(service.data_dir)}\n{service.log()}"
        yield Finding(Kind.OTHER, words)
    if service.answers[500] or "Exception in ASGI application" in service.log():
        yield Finding(Kind.OTHER, f"the API answered 500\n{service.log()}")


def has_no_orphan(service: LiveService) -> bool:
    """Every runner is the one spare of a living supervisor."""
    supervisors = [pool.pid for pool in pools(service.data_dir)]
    parents = [parent_of(child).pid for child in runners(service.data_dir)]
    return set(parents) <= set(supervisors) and len(parents) == len(set(parents))


def undisturbed(service: LiveService, job_id: str) -> dict[int, str]:
    """Return the digests of a job's weights, epoch by epoch."""
    service.wait_for_end(job_id)
    return {n: weights_digest(service, job_id, n) for n in range(1, EPOCHS + 1)}
