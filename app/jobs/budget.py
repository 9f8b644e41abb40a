"""The bytes that all jobs' checkpoints may take together, and which go beyond it.

A finished job's best checkpoint is never freed, nor any of a job that is not finished,
nor one that a model's version points at.
"""

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import Session, col, select

from app.jobs.pins import is_pinned
from app.jobs.retention import free_pages
from app.models import Checkpoint, CheckpointWeights, Job
from app.states import TERMINAL

FREED_AT_ONCE = 100


def enforce_budget(session: Session, budget_bytes: int) -> list[Checkpoint]:
    """Free what is beyond the budget, the longest finished job's earliest epochs first.

    One checkpoint a transaction, which looks at the sum anew: any number of
    processes may do this at once without freeing too much.
    """
    freed: list[Checkpoint] = []
    while len(freed) < FREED_AT_ONCE and sum_bytes(session) > budget_bytes:
        checkpoint = first_dispensable(session)
        if checkpoint is None:
            break
        of_checkpoint = col(CheckpointWeights.checkpoint_id) == checkpoint.id
        session.exec(delete(CheckpointWeights).where(of_checkpoint))
        session.exec(delete(Checkpoint).where(col(Checkpoint.id) == checkpoint.id))
        session.commit()
        freed.append(checkpoint)
    session.rollback()
    if freed:
        free_pages(session)
    return freed


def kept_bytes(session: Session) -> int:
    """Return how many bytes of checkpoints no budget can free."""
    return sum_bytes(session) - sum_bytes(session, *dispensable())


def dispensable() -> list[ColumnElement[bool]]:
    return [
        col(Job.status).in_(TERMINAL),
        col(Checkpoint.epoch) != col(Job.best_epoch),
        ~is_pinned(),
    ]


def sum_bytes(session: Session, *where: ColumnElement[bool]) -> int:
    summed = func.coalesce(func.sum(col(Checkpoint.size_bytes)), 0)
    # An imported checkpoint has no job, and takes its bytes all the same.
    all_of_them = select(summed).select_from(Checkpoint).join(Job, isouter=True)
    statement = all_of_them.where(*where)
    return int(session.exec(statement).one())


def first_dispensable(session: Session) -> Checkpoint | None:
    order = (col(Job.finished_at), col(Job.id), col(Checkpoint.epoch))
    statement = select(Checkpoint).join(Job).where(*dispensable())
    return session.exec(statement.order_by(*order).limit(1)).one_or_none()
