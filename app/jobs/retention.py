"""Which checkpoints a job keeps; the space of the others goes back to the disk."""

from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from app.jobs.listing import get_job, list_checkpoints
from app.jobs.pins import is_pinned
from app.models import Checkpoint, CheckpointWeights, Job

FREED_PAGES = 4000  # 32 MB of 8 KiB pages: a moment's work under the write lock


def prune_checkpoints(session: Session, job_id: UUID) -> list[int]:
    """Delete what the job's spec does not keep, one a transaction; return the epochs.

    Short transactions, since deleting megabytes holds up every other writer.
    """
    job = get_job(session, job_id)
    of_job = col(Checkpoint.job_id) == job_id
    pinned = set(session.exec(select(Checkpoint.id).where(of_job, is_pinned())))
    dropped = [
        row
        for row in list_checkpoints(session, job_id)
        if row.id not in pinned and not keeps(job, row)
    ]
    session.commit()
    for checkpoint in dropped:
        of_checkpoint = col(CheckpointWeights.checkpoint_id) == checkpoint.id
        session.exec(delete(CheckpointWeights).where(of_checkpoint))
        session.exec(delete(Checkpoint).where(col(Checkpoint.id) == checkpoint.id))
        session.commit()
    if dropped:
        free_pages(session)
    return [checkpoint.epoch for checkpoint in dropped]


def keeps(job: Job, checkpoint: Checkpoint) -> bool:
    policy = job.spec.checkpoints
    if policy == "every" or checkpoint.epoch in {job.epoch, job.best_epoch}:
        return True
    return isinstance(policy, int) and checkpoint.epoch % policy == 0


def free_pages(session: Session) -> None:
    """Return free pages to the file system; other databases do so by themselves."""
    driver = session.connection().connection.driver_connection
    if session.get_bind().dialect.name == "sqlite" and driver is not None:
        # Not by execute(), which takes a single step and so frees a single page.
        driver.executescript(f"PRAGMA incremental_vacuum({FREED_PAGES})")
    session.commit()


def reclaim_space(session: Session) -> None:
    """Shrink a SQLite file that holds much more than its jobs need."""
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.execute(text("PRAGMA freelist_count")).scalar_one() > FREED_PAGES:
        free_pages(session)
